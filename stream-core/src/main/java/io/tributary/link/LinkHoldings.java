package io.tributary.link;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a link holds, for others to read. Safe for any thread.
 *
 * @param inbound of what its peer sends
 * @param messages bytes of messages that wait to leave
 * @param chunks bytes of chunks that wait to leave
 * @param streams that are open
 */
record LinkHoldings(
    InboundShare inbound, AtomicLong messages, AtomicLong chunks, StreamTable streams) {}
