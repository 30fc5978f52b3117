/**
 * The stages between tensors and encoded chunks, as reactive operators: demand passes through them,
 * so credit on the wire reaches the source of the values.
 *
 * <p>Belongs here: encoding and decoding on worker threads with buffers that are always given back.
 * Does not belong here: arithmetic of codecs, sockets, what values are used for.
 *
 * <p>Threads: a stage works on the scheduler it was given, one thread at a time for each
 * subscription; never on an event loop. Nothing here is null.
 */
@NullMarked
package io.tributary.flow;

import org.jspecify.annotations.NullMarked;
