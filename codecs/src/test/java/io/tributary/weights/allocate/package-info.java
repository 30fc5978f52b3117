@NullMarked
package io.tributary.weights.allocate;

import org.jspecify.annotations.NullMarked;
