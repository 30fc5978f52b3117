/**
 * The append-only journal: what is acknowledged is in it, and forced.
 *
 * <p>Belongs here: segment files, records with sequence and checksum, group force, the cut of a
 * torn tail, the records' typed form. Does not belong here: what the records mean for a round.
 */
@NullMarked
package io.tributary.coordinator.journal;

import org.jspecify.annotations.NullMarked;
