package io.tributary.link;

/**
 * What all links of a server hold at one moment.
 *
 * @param links connections, those before their HELLO included
 * @param inboundStreams open streams that peers send
 * @param outboundStreams open streams that this side sends
 * @param inboundBytes of chunks and messages of peers that are under way or not released
 * @param outboundBytes of chunks and messages that wait to leave; what lies below the scheduler
 *     isn't among it, at most {@link LinkSettings#UNSENT_BYTES} a link
 */
public record LinkLoad(
    int links, int inboundStreams, int outboundStreams, long inboundBytes, long outboundBytes) {}
