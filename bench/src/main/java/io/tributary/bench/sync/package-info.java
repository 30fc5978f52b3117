/**
 * {@code tributary bench sync}: how fast a coordinator and its agents exchange a model, against the
 * bare network and the bare disk of the same machine at the same time.
 *
 * <p>Belongs here: the measurement, and the plain transfers that it is held against. Does not
 * belong here: training.
 */
@NullMarked
package io.tributary.bench.sync;

import org.jspecify.annotations.NullMarked;
