/** Tests of fleets. */
@NullMarked
package io.tributary.bench.fleet;

import org.jspecify.annotations.NullMarked;
