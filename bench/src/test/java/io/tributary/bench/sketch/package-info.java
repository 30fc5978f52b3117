@NullMarked
package io.tributary.bench.sketch;

import org.jspecify.annotations.NullMarked;
