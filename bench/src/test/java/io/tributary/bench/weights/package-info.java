@NullMarked
package io.tributary.bench.weights;

import org.jspecify.annotations.NullMarked;
