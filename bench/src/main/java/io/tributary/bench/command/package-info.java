/**
 * {@code tributary bench}, the command that gathers the measurements.
 *
 * <p>Belongs here: the list of benches. Does not belong here: any measurement, and nothing that the
 * benches share; they must not know this package.
 */
@NullMarked
package io.tributary.bench.command;

import org.jspecify.annotations.NullMarked;
