/** Tests of the studies that train. */
@NullMarked
package io.tributary.bench.diloco.effect;

import org.jspecify.annotations.NullMarked;
