/**
 * The coordinator: membership, rounds, the outer step, and what it keeps so that a restart goes on
 * with the same bits.
 *
 * <p>Belongs here: everything that decides when a round is complete and what it yields. Does not
 * belong here: concrete codecs, training, anything an agent needs. One thread, the run's, does all
 * the work; event loops only hand it things.
 */
@NullMarked
package io.tributary.coordinator;

import org.jspecify.annotations.NullMarked;
