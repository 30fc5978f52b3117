/**
 * {@code tributary demo}: coordinator and agents as processes on this machine, thin links between
 * them, one model on real text.
 *
 * <p>Belongs here: starting the processes, showing what they report, the comparison at the end.
 * Does not belong here: anything a real run needs; the demo uses the same commands that a user
 * would.
 */
@NullMarked
package io.tributary.bench.demo;

import org.jspecify.annotations.NullMarked;
