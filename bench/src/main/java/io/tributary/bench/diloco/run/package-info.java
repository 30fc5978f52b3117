/**
 * A whole run in one process: a coordinator and its agents, with sockets on loopback between them.
 *
 * <p>Belongs here: what studies need to run the product's own classes from end to end. Does not
 * belong here: what a study asks.
 */
@NullMarked
package io.tributary.bench.diloco.run;

import org.jspecify.annotations.NullMarked;
