@NullMarked
package io.tributary.bench.recipes;

import org.jspecify.annotations.NullMarked;
