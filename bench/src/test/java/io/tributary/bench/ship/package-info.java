/** Tests of the exchange's bench. */
@NullMarked
package io.tributary.bench.ship;

import org.jspecify.annotations.NullMarked;
