@NullMarked
package io.tributary.bench.directions;

import org.jspecify.annotations.NullMarked;
