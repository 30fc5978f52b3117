/**
 * {@code tributary bench diloco}: studies of outer synchronization.
 *
 * <p>Belongs here: the command line. Does not belong here: the studies themselves, which lie in the
 * packages below.
 */
@NullMarked
package io.tributary.bench.diloco;

import org.jspecify.annotations.NullMarked;
