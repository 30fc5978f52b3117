/**
 * {@code tributary bench chaos}: runs of real processes that are killed, cut off, delayed and fed
 * with broken bytes, and the bits that come out.
 *
 * <p>Belongs here: faults, the proxy that makes those of the network, and the run that suffers
 * them. Does not belong here: what the product does about them.
 */
@NullMarked
package io.tributary.bench.chaos;

import org.jspecify.annotations.NullMarked;
