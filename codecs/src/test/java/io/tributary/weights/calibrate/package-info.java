@NullMarked
package io.tributary.weights.calibrate;

import org.jspecify.annotations.NullMarked;
