/**
 * What keeps a few bad contributions out of the outer step: filters that leave whole contributions
 * out, combiners that take something sturdier than the mean of each coordinate, and a bound on
 * lengths.
 *
 * <p>All of it is a function of the contributions in participant order: the order of arrival, the
 * clock and what agents say about themselves don't enter. Up to {@link
 * io.tributary.coordinator.guard.Guard#MOST_AGENTS} contributions, the products of any two are at
 * most 32 KiB; a sketch of their top direction would be larger than the exact matrix.
 *
 * <p>Belongs here: the comparison of contributions, and what follows from it. Does not belong here:
 * who is waited for, the outer optimizer, the journal.
 */
@NullMarked
package io.tributary.coordinator.guard;

import org.jspecify.annotations.NullMarked;
