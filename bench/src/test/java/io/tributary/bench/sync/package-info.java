/** Tests of the exchange's bench. */
@NullMarked
package io.tributary.bench.sync;

import org.jspecify.annotations.NullMarked;
