package io.tributary.link;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.tributary.codec.CodecRange;
import io.tributary.error.Errors;
import io.tributary.frame.FrameFormat;
import io.tributary.frame.FrameLimits;
import io.tributary.frame.HelloFrameFlyweight;
import io.tributary.security.LinkSecurity;
import java.util.List;
import java.util.UUID;

/**
 * How one side runs its links. {@link #of} takes from {@link LinkSettings} what the caller doesn't
 * give.
 *
 * @param name this side's name, 1 to 64 bytes of UTF-8 without control characters
 * @param instance tells this process from the next one with the same name
 * @param decodes the codecs that this side decodes, 256 at most
 * @param bytesPerSecond the cap on writing, frames included, TCP and IP not; 0 for none
 * @param framePayload the most payload bytes of one frame; see {@link #payloadOfRate}
 * @param initialCredit the chunks taken on each stream before the first CREDIT
 * @param senderChunks the encoded chunks that a sender holds ready for each stream
 * @param maxStreams the open streams that a peer may have on one link
 * @param unsentBytes the bytes that may wait between scheduler and socket
 * @param messageQueueBytes the bytes of messages that may wait
 * @param limits what is accepted at most
 * @param times intervals and pauses
 * @param jitterSeed where the jitter of the back-off comes from
 * @param allocator where buffers come from
 * @param inbound bounds what this side holds of what peers send
 * @param security how links are protected
 * @param stripes how many connections a link may have
 */
public record LinkOptions(
    String name,
    UUID instance,
    List<CodecRange> decodes,
    long bytesPerSecond,
    int framePayload,
    int initialCredit,
    int senderChunks,
    int maxStreams,
    int unsentBytes,
    int messageQueueBytes,
    FrameLimits limits,
    LinkTimes times,
    long jitterSeed,
    ByteBufAllocator allocator,
    InboundGauge inbound,
    LinkSecurity security,
    StripeRange stripes) {
  /** More than any socket; keeps the arithmetic of pacing within 63 bits. */
  private static final long MAX_BYTES_PER_SECOND = 100_000_000_000L;

  /** Checks every number and the name. */
  public LinkOptions {
    decodes = List.copyOf(decodes);
    if (name.isEmpty()
        || ByteBufUtil.utf8Bytes(name) > HelloFrameFlyweight.MAX_NAME_LENGTH
        || name.chars().anyMatch(Character::isISOControl)) {
      throw Errors.invalidSetting(
          "name of this peer", name, "1 to 64 bytes of UTF-8 without control characters");
    }
    if (decodes.size() > HelloFrameFlyweight.MAX_CODECS) {
      throw Errors.invalidSetting(
          "list of codecs", decodes.size(), "at most " + HelloFrameFlyweight.MAX_CODECS);
    }
    if (bytesPerSecond < 0 || bytesPerSecond > MAX_BYTES_PER_SECOND) {
      throw Errors.invalidSetting(
          "cap of the link", bytesPerSecond, "bytes a second up to 10^11, or 0 for none");
    }
    requireRange("payload of a frame", framePayload, 1, FrameFormat.MAX_PAYLOAD);
    requireRange("initial credit", initialCredit, 0, HelloFrameFlyweight.MAX_INITIAL_CREDIT);
    requireRange("chunks that a sender holds", senderChunks, 1, Integer.MAX_VALUE);
    requireRange("open streams of a peer", maxStreams, 1, Integer.MAX_VALUE);
    requireRange("unsent bytes", unsentBytes, 2, Integer.MAX_VALUE);
    requireRange("bytes of messages that wait", messageQueueBytes, 1, Integer.MAX_VALUE);
  }

  private static void requireRange(String what, int value, int min, int max) {
    if (value < min || value > max) {
      throw Errors.invalidSetting(what, value, min + " to " + max);
    }
  }

  /** Options by {@link LinkSettings}, with a new instance id. */
  public static LinkOptions of(String name, List<CodecRange> decodes, long bytesPerSecond) {
    UUID instance = UUID.randomUUID();
    return new LinkOptions(
        name,
        instance,
        decodes,
        bytesPerSecond,
        LinkSettings.FRAME_PAYLOAD.get(),
        LinkSettings.INITIAL_CREDIT.get(),
        LinkSettings.SENDER_CHUNKS.get(),
        LinkSettings.MAX_STREAMS.get(),
        LinkSettings.UNSENT_BYTES.get(),
        LinkSettings.MESSAGE_QUEUE_BYTES.get(),
        new FrameLimits(
            LinkSettings.MAX_CHUNK_ELEMENTS.get(),
            LinkSettings.MAX_ENCODED_LENGTH.get(),
            LinkSettings.MAX_MESSAGE_LENGTH.get()),
        LinkTimes.fromSettings(),
        instance.getLeastSignificantBits(),
        PooledByteBufAllocator.DEFAULT,
        InboundGauge.ofProcess(),
        LinkSecurity.none(),
        StripeRange.fromSettings());
  }

  /** The same options with other times. */
  public LinkOptions withTimes(LinkTimes other) {
    return new LinkOptions(
        name,
        instance,
        decodes,
        bytesPerSecond,
        framePayload,
        initialCredit,
        senderChunks,
        maxStreams,
        unsentBytes,
        messageQueueBytes,
        limits,
        other,
        jitterSeed,
        allocator,
        inbound,
        security,
        stripes);
  }

  /** The same options with another seed of the jitter. */
  public LinkOptions withJitterSeed(long seed) {
    return new LinkOptions(
        name,
        instance,
        decodes,
        bytesPerSecond,
        framePayload,
        initialCredit,
        senderChunks,
        maxStreams,
        unsentBytes,
        messageQueueBytes,
        limits,
        times,
        seed,
        allocator,
        inbound,
        security,
        stripes);
  }

  /** The same options with another instance id. */
  public LinkOptions withInstance(UUID id) {
    return new LinkOptions(
        name,
        id,
        decodes,
        bytesPerSecond,
        framePayload,
        initialCredit,
        senderChunks,
        maxStreams,
        unsentBytes,
        messageQueueBytes,
        limits,
        times,
        jitterSeed,
        allocator,
        inbound,
        security,
        stripes);
  }

  /** The same options with other protection. */
  public LinkOptions withSecurity(LinkSecurity other) {
    return new LinkOptions(
        name,
        instance,
        decodes,
        bytesPerSecond,
        framePayload,
        initialCredit,
        senderChunks,
        maxStreams,
        unsentBytes,
        messageQueueBytes,
        limits,
        times,
        jitterSeed,
        allocator,
        inbound,
        other,
        stripes);
  }

  /** The same options with other numbers of connections. */
  public LinkOptions withStripes(StripeRange other) {
    return new LinkOptions(
        name,
        instance,
        decodes,
        bytesPerSecond,
        framePayload,
        initialCredit,
        senderChunks,
        maxStreams,
        unsentBytes,
        messageQueueBytes,
        limits,
        times,
        jitterSeed,
        allocator,
        inbound,
        security,
        other);
  }

  /**
   * The payload bytes of a frame on this link: what passes in 20 ms of the cap, but at least 1 KiB
   * and at most {@link #framePayload}. A PING waits for one frame at most, so the shorter the frame
   * the sooner it leaves; below 1 KiB the headers would eat the link.
   */
  public int payloadOfRate() {
    if (bytesPerSecond == 0) {
      return framePayload;
    }
    long of20Millis = bytesPerSecond / 50;
    return (int) Math.min(framePayload, Math.max(1024, of20Millis));
  }
}
