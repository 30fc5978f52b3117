@NullMarked
package io.tributary.weights.ggml;

import org.jspecify.annotations.NullMarked;
