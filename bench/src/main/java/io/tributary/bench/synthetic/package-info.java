/**
 * The training engine {@code synthetic}: a trainer in plain Java that starts at once, costs next to
 * nothing and gives the same bits everywhere, for runs that are about everything but training.
 *
 * <p>Belongs here: the engine and its settings. Does not belong here: what is measured with it.
 */
@NullMarked
package io.tributary.bench.synthetic;

import org.jspecify.annotations.NullMarked;
