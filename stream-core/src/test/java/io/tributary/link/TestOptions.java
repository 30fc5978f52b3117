package io.tributary.link;

import io.netty.buffer.ByteBufAllocator;
import io.tributary.codec.CodecRange;
import io.tributary.frame.FrameLimits;
import io.tributary.security.LinkSecurity;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Options for tests: nothing random, short pauses, long patience. */
final class TestOptions {
  static final LinkTimes TIMES =
      new LinkTimes(
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofMillis(20),
          Duration.ofMillis(200));

  private TestOptions() {}

  static LinkOptions of(String name, ByteBufAllocator allocator) {
    return with(name, allocator, 0, 2);
  }

  static LinkOptions with(
      String name, ByteBufAllocator allocator, long bytesPerSecond, int initialCredit) {
    return with(name, allocator, bytesPerSecond, initialCredit, new InboundGauge(1 << 30, 1 << 28));
  }

  static LinkOptions with(
      String name,
      ByteBufAllocator allocator,
      long bytesPerSecond,
      int initialCredit,
      InboundGauge inbound) {
    return new LinkOptions(
        name,
        new UUID(1, name.hashCode()),
        List.of(new CodecRange(1, 1, 1)),
        bytesPerSecond,
        16_384,
        initialCredit,
        2,
        64,
        16 << 10,
        16 << 20,
        new FrameLimits(1 << 20, 8 << 20, 4 << 20),
        TIMES,
        7,
        allocator,
        inbound,
        LinkSecurity.none(),
        StripeRange.one());
  }
}
