@NullMarked
package io.tributary.bench.guard;

import org.jspecify.annotations.NullMarked;
