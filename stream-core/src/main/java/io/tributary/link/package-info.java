/**
 * One connection between two peers, or several that look like one: who is there, streams of encoded
 * chunks with credits, messages, liveness, and the order in which bytes leave.
 *
 * <p>Belongs here: the client and the server, the state of connection and streams, the scheduler
 * above the socket, pacing, reconnecting. Does not belong here: layouts of frames ({@code
 * io.tributary.frame}), encoding and decoding ({@code io.tributary.flow}), the meaning of messages
 * and rounds (coordinator and agent).
 *
 * <p>Threads: the public methods may be called by any thread. Everything they cause happens on the
 * connection's event loop, and so do all callbacks: they hand work on at once and never compute or
 * block. Classes that aren't public belong to the event loop unless they say otherwise.
 *
 * <p>Buffers: each has one owner. A chunk given to a link is the link's; a chunk that a link gives
 * away is the subscriber's. Nothing here is null unless marked.
 */
@NullMarked
package io.tributary.link;

import org.jspecify.annotations.NullMarked;
