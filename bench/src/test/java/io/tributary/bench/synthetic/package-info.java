/** Tests of the engine synthetic. */
@NullMarked
package io.tributary.bench.synthetic;

import org.jspecify.annotations.NullMarked;
