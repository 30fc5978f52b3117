@NullMarked
package io.tributary.weights.judge;

import org.jspecify.annotations.NullMarked;
