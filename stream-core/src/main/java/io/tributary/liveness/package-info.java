/**
 * How long to wait for whom, by what was measured.
 *
 * <p>Belongs here: deadlines that follow measurements. Does not belong here: clocks and timers,
 * what is measured, what happens when a deadline has passed.
 *
 * <p>Threads: the objects are confined to whoever measures. Nothing here is null.
 */
@NullMarked
package io.tributary.liveness;

import org.jspecify.annotations.NullMarked;
