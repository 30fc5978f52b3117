/**
 * Benches of the link over real sockets.
 *
 * <p>Belongs here: measurements that return a result record. Does not belong here: options of
 * commands, printing, tests. A bench blocks the thread that runs it.
 */
@NullMarked
package io.tributary.bench.link;

import org.jspecify.annotations.NullMarked;
