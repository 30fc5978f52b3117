@NullMarked
package io.tributary.weights.compress;

import org.jspecify.annotations.NullMarked;
