/**
 * What outer synchronization does to a real model: held-out loss against bytes, for methods and
 * codecs that train on the same data in the same order.
 *
 * <p>Belongs here: the methods, the rows, the plot. Does not belong here: statements that hold
 * without training.
 */
@NullMarked
package io.tributary.bench.diloco.effect;

import org.jspecify.annotations.NullMarked;
