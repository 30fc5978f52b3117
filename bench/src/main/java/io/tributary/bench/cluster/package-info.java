/**
 * What benches of many processes share: a coordinator in a process of its own, agents that only
 * exchange, and models of any size without any computation in them; beside it what plain sockets
 * move, and what a process takes of memory.
 *
 * <p>Belongs here: the parts of a run on real sockets. Does not belong here: what a bench measures.
 */
@NullMarked
package io.tributary.bench.cluster;

import org.jspecify.annotations.NullMarked;
