/**
 * Split learning: a client with the bottom of a model, a server with the top, and what they say to
 * each other.
 *
 * <p>Belongs here: the order of forward, backward and updates at either end, as bytes in and bytes
 * out. Does not belong here: models, codecs, and the link that carries the bytes.
 */
@NullMarked
package io.tributary.agent.split;

import org.jspecify.annotations.NullMarked;
