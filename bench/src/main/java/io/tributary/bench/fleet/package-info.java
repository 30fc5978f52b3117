/**
 * {@code tributary bench memory} and {@code tributary bench fleet}: what a coordinator takes for a
 * large model, and for many agents.
 *
 * <p>Belongs here: agents that cost nothing themselves, and what the operating system says of a
 * process. Does not belong here: speed of the exchange, which {@code bench sync} measures.
 */
@NullMarked
package io.tributary.bench.fleet;

import org.jspecify.annotations.NullMarked;
