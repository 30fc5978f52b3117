/**
 * The outer step: many contributions become one change of the outer parameters.
 *
 * <p>Belongs here: the sum in participant order, the outer optimizer with its state, the files that
 * hold a fragment's versions. Does not belong here: who takes part, sockets, the journal.
 */
@NullMarked
package io.tributary.coordinator.outer;

import org.jspecify.annotations.NullMarked;
