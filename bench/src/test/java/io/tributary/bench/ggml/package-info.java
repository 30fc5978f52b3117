@NullMarked
package io.tributary.bench.ggml;

import org.jspecify.annotations.NullMarked;
