package io.tributary.link;

import io.netty.util.internal.PlatformDependent;

/**
 * Counts the bytes that the links of a process hold of what peers send, and bounds them: chunks and
 * messages under way, chunks that wait for their consumer, and chunks that it hasn't released. Room
 * is counted before it is allocated.
 *
 * <p>Above half of either limit streams are granted a chunk at a time. What comes beyond the limit
 * of a link ends its stream; beyond the limit of all it ends the connection, which may come back.
 * Safe for any thread.
 */
public final class InboundGauge {
  /** Made when the first link asks for it. */
  private static final class OfProcess {
    static final InboundGauge GAUGE = fromSettings();
  }

  private final HeldBytes held;
  private final long limitOfLink;

  /**
   * A gauge at zero.
   *
   * @param limit the most bytes that all links hold, at least 1
   * @param limitOfLink the most that one of them holds, at least 1
   */
  public InboundGauge(long limit, long limitOfLink) {
    if (limit < 1 || limitOfLink < 1) {
      throw new IllegalArgumentException("limits of " + limit + " and " + limitOfLink + " bytes");
    }
    held = new HeldBytes(limit);
    this.limitOfLink = limitOfLink;
  }

  /** The gauge that all links of this process share unless they are told another. */
  public static InboundGauge ofProcess() {
    return OfProcess.GAUGE;
  }

  private static InboundGauge fromSettings() {
    long all = LinkSettings.INBOUND_BYTES_OF_ALL.get();
    long limit = all == 0 ? Math.max(1 << 20, PlatformDependent.maxDirectMemory() / 2) : all;
    // Half of it, so that no peer can take all of it.
    return new InboundGauge(limit, Math.min(LinkSettings.INBOUND_BYTES.get(), limit / 2));
  }

  /** The most bytes that all links hold. */
  public long limit() {
    return held.limit();
  }

  /** The most bytes that one link holds. */
  public long limitOfLink() {
    return limitOfLink;
  }

  /** The bytes that are held now. */
  public long held() {
    return held.now();
  }

  /** The most bytes that were held at any time. */
  public long peak() {
    return held.peak();
  }

  /** Counts bytes that are to be allocated; false, and nothing counted, if there is no room. */
  boolean take(int bytes) {
    return held.take(bytes);
  }

  /** Counts bytes that were released. */
  void drop(long bytes) {
    held.drop(bytes);
  }

  boolean hasRoom() {
    return held.hasRoom();
  }
}
