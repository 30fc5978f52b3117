/**
 * What the launcher runs once after a build, so that processes start sooner afterwards.
 *
 * <p>Belongs here: a run that loads what runs load. Does not belong here: anything that a run
 * needs, for all works without.
 */
@NullMarked
package io.tributary.bench.start;

import org.jspecify.annotations.NullMarked;
