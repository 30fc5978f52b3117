@NullMarked
package io.tributary.link;

import org.jspecify.annotations.NullMarked;
