package io.tributary.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.frame.PingFrameFlyweight;
import io.tributary.frame.TurnFrameFlyweight;
import io.tributary.netty.LeakCheckingAllocator;
import io.tributary.random.SeededRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the merge promises: the order of sending, bounds, and that it never gets stuck. */
class StripeMergeTest {
  private static final int LIMIT = 1 << 20;

  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();
  @RegisterExtension final SeededRandom seeded = new SeededRandom();

  private final InboundGauge gauge = new InboundGauge(2L * LIMIT, LIMIT);
  private final List<Long> passed = new ArrayList<>();
  private final List<Integer> ended = new ArrayList<>();
  private final long[] passedBytes = new long[64];

  private final StripeMerge merge =
      new StripeMerge(
          new InboundShare(gauge),
          new StripeMerge.Sink() {
            @Override
            public void frame(ByteBuf frame) {
              passed.add(PingFrameFlyweight.nonce(frame));
              frame.release();
            }

            @Override
            public void passed(int connection, int bytes) {
              passedBytes[connection] += bytes;
            }

            @Override
            public void ended(int connection) {
              ended.add(connection);
            }
          });

  private ByteBuf ping(long nonce) {
    return PingFrameFlyweight.encodePing(allocator, nonce);
  }

  private ByteBuf turn(int next, boolean last) {
    return TurnFrameFlyweight.encode(allocator, next, last);
  }

  @Test
  void oneConnectionPassesAtOnce() {
    for (int i = 0; i < 5; i++) {
      merge.offer(0, ping(i));
      assertThat(passed).hasSize(i + 1);
    }
    assertThat(gauge.peak()).isZero();
  }

  /**
   * Any sender, any network, and a receiver that stops reading connections by what waits of them:
   * all arrives in order, and little waits.
   */
  @Test
  void anyScheduleEndsInTheOrderOfSending() {
    Random random = seeded.get();
    for (int run = 0; run < 300; run++) {
      passed.clear();
      int connections = 1 + random.nextInt(8);
      List<ArrayDeque<ByteBuf>> wires = new ArrayList<>();
      long[] read = new long[connections];
      Arrays.fill(passedBytes, 0);
      for (int i = 0; i < connections; i++) {
        wires.add(new ArrayDeque<>());
        if (i > 0) {
          merge.add(i);
        }
      }
      int frames = random.nextInt(400);
      int at = 0;
      for (int i = 0; i < frames; i++) {
        if (connections > 1 && random.nextInt(4) == 0) {
          int next = (at + 1 + random.nextInt(connections - 1)) % connections;
          wires.get(at).add(turn(next, false));
          at = next;
        }
        wires.get(at).add(ping(i));
      }
      if (at != 0) {
        wires.get(at).add(turn(0, false));
      }
      int most = random.nextInt(200);
      while (wires.stream().anyMatch(wire -> !wire.isEmpty())) {
        boolean moved = false;
        int from = random.nextInt(connections);
        for (int i = 0; i < connections && !moved; i++) {
          int one = (from + i) % connections;
          if (!wires.get(one).isEmpty() && read[one] - passedBytes[one] <= most) {
            ByteBuf frame = wires.get(one).remove();
            read[one] += frame.readableBytes();
            merge.offer(one, frame);
            moved = true;
          }
        }
        assertThat(moved).as("the connection whose turn it is may always be read").isTrue();
        assertThat(gauge.held()).isLessThanOrEqualTo((most + 16L) * connections);
      }
      assertThat(passed).hasSize(frames).isSorted();
      assertThat(gauge.held()).isZero();
      assertThat(merge.turn()).isZero();
    }
  }

  @Test
  void aConnectionEndsInItsTurnAndMayBeginAnew() {
    merge.add(3);
    merge.offer(3, ping(2));
    merge.offer(3, turn(0, true));
    merge.offer(0, ping(1));
    assertThat(ended).isEmpty();
    merge.offer(0, turn(3, false));
    assertThat(ended).containsExactly(3);
    merge.offer(0, ping(3));
    merge.offer(3, ping(99));
    merge.add(3);
    merge.offer(0, turn(3, false));
    merge.offer(3, ping(4));
    assertThat(passed).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void turnsThatMakeNoSenseAreMalformed() {
    merge.add(1);
    assertMalformed(0, turn(0, false));
    assertMalformed(0, turn(2, false));
    assertMalformed(0, turn(1, true));
    merge.offer(1, turn(0, true));
    merge.offer(1, ping(1));
    assertMalformed(0, turn(1, false));
    merge.release();
    assertThat(gauge.held()).isZero();
  }

  private void assertMalformed(int connection, ByteBuf frame) {
    assertThatThrownBy(() -> merge.offer(connection, frame))
        .matches(e -> Errors.codeOf(e) == ErrorCode.MALFORMED);
  }

  @Test
  void moreThanTheShareIsRefusedAndNothingLeaks() {
    merge.add(1);
    ByteBuf large = allocator.buffer(LIMIT).writeZero(LIMIT);
    merge.offer(1, large);
    assertThatThrownBy(() -> merge.offer(1, ping(1)))
        .matches(e -> Errors.codeOf(e) == ErrorCode.LIMIT_EXCEEDED);
    merge.release();
    merge.offer(1, ping(2));
    assertThat(gauge.held()).isZero();
  }
}
