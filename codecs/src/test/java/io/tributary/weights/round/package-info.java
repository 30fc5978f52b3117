@NullMarked
package io.tributary.weights.round;

import org.jspecify.annotations.NullMarked;
