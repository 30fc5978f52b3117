/**
 * {@code tributary bench directions}: what it saves to send the top directions of activations
 * apart.
 *
 * <p>Belongs here: activations, recorded and made up, and the comparison. Does not belong here: the
 * codec.
 */
@NullMarked
package io.tributary.bench.directions;

import org.jspecify.annotations.NullMarked;
