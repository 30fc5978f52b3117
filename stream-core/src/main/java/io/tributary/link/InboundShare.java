package io.tributary.link;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.concurrent.atomic.AtomicLong;

/** One link's share of what an {@link InboundGauge} counts. Safe for any thread. */
final class InboundShare {
  private final InboundGauge gauge;
  private final AtomicLong held = new AtomicLong();

  InboundShare(InboundGauge gauge) {
    this.gauge = gauge;
  }

  /** The bytes that the link holds. */
  long held() {
    return held.get();
  }

  /**
   * Counts bytes that are to be allocated.
   *
   * @throws TributaryException {@code LIMIT_EXCEEDED} if the peer sends more than one may, {@code
   *     CONNECTION_LOST} if all peers together do: another time there may be room
   */
  void take(int bytes) {
    long now = held.addAndGet(bytes);
    if (now > gauge.limitOfLink()) {
      held.addAndGet(-bytes);
      throw new TributaryException(
          ErrorCode.LIMIT_EXCEEDED,
          "expected at most "
              + gauge.limitOfLink()
              + " bytes of one peer to wait here ("
              + LinkSettings.INBOUND_BYTES.property()
              + "), found "
              + now);
    }
    if (!gauge.take(bytes)) {
      held.addAndGet(-bytes);
      throw new TributaryException(
          ErrorCode.CONNECTION_LOST,
          "expected at most "
              + gauge.limit()
              + " bytes of all peers to wait here ("
              + LinkSettings.INBOUND_BYTES_OF_ALL.property()
              + "), found more; the peer may come back");
    }
  }

  /** Counts bytes that were released. */
  void drop(long bytes) {
    held.addAndGet(-bytes);
    gauge.drop(bytes);
  }

  /** Whether streams may be granted all that their consumers ask for. */
  boolean hasRoom() {
    return held.get() <= gauge.limitOfLink() / 2 && gauge.hasRoom();
  }
}
