/**
 * {@code tributary bench guard}: what a few bad agents do to a run, and what guards make of it.
 *
 * <p>Belongs here: the attacks, the runs, the comparison. Does not belong here: the guards
 * themselves, which are the coordinator's.
 */
@NullMarked
package io.tributary.bench.guard;

import org.jspecify.annotations.NullMarked;
