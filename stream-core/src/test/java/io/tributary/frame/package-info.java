@NullMarked
package io.tributary.frame;

import org.jspecify.annotations.NullMarked;
