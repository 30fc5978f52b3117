@NullMarked
package io.tributary.weights;

import org.jspecify.annotations.NullMarked;
