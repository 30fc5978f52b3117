/**
 * Split learning: a client with the bottom of a model, a server with the top, or with the middle
 * where labels stay at the client, and what they say to each other.
 *
 * <p>Belongs here: the order of forward, backward and updates at either end, as bytes in and bytes
 * out; both ends as processes that find each other through a coordinator, and go back to states
 * that both have kept. Does not belong here: models, codecs, and how streams pass between agents.
 */
@NullMarked
package io.tributary.agent.split;

import org.jspecify.annotations.NullMarked;
