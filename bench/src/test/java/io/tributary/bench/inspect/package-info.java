@NullMarked
package io.tributary.bench.inspect;

import org.jspecify.annotations.NullMarked;
