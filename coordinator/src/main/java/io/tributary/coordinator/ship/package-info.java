/**
 * Models that a server offers to readers: which there are, who may have them, and their files' way
 * into streams.
 *
 * <p>Belongs here: the directory of offered files, their identity, reading them piece by piece.
 * Does not belong here: what the files hold, which is the reader's business alone, and the run.
 */
@NullMarked
package io.tributary.coordinator.ship;

import org.jspecify.annotations.NullMarked;
