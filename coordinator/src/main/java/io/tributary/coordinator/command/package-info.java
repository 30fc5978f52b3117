/**
 * {@code tributary coordinator}: options, and what listens to the run's events.
 *
 * <p>Belongs here: the command line. Does not belong here: anything a run needs; it must work
 * without a terminal and without a page.
 */
@NullMarked
package io.tributary.coordinator.command;

import org.jspecify.annotations.NullMarked;
