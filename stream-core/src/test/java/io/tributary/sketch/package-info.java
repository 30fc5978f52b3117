@NullMarked
package io.tributary.sketch;

import org.jspecify.annotations.NullMarked;
