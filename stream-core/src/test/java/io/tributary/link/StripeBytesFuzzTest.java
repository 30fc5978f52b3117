package io.tributary.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.tributary.error.TributaryException;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.FrameType;
import io.tributary.frame.StripeFrameFlyweight;
import io.tributary.frame.TurnFrameFlyweight;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hostile bytes to a link of several connections, at a server and at a client: any frame on any
 * connection, TURN to anywhere, STRIPE with tokens right and wrong, ends of connections, and the
 * event loops in any order. Only declared errors end the link, it holds no more than its share, the
 * connection that is due is always read, nothing leaks.
 */
class StripeBytesFuzzTest {
  private static final int SHARE = 64 << 10;
  private static final int MOST_CONNECTIONS = 5;
  private static final int MOST_WIRES = 8;

  /** Beside the share: frames that are cut, handed over, or written, of each connection. */
  private static final long MOST_BYTES = SHARE + MOST_WIRES * (192 << 10);

  /** A connection as the peer sees it: what it has written waits until it is read. */
  private static final class Wire {
    private final EmbeddedChannel channel;
    private final @Nullable EmbeddedLink link;
    private final ArrayDeque<byte[]> written = new ArrayDeque<>();

    /** Which connection of the link it has become; -1 before, -2 behind its last TURN. */
    private int number;

    /** TURNs that were read and whose turn hasn't come. */
    private final ArrayDeque<ByteBuf> turns = new ArrayDeque<>();

    private boolean half;

    private Wire(EmbeddedChannel channel, @Nullable EmbeddedLink link, int number) {
      this.channel = channel;
      this.link = link;
      this.number = number;
    }

    private boolean isRead() {
      return channel.isOpen() && channel.config().isAutoRead() && !half;
    }
  }

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
  private final FuzzedFrames frames = new FuzzedFrames(allocator);

  @FuzzTest(maxDuration = "5m")
  void talk(byte[] input) {
    ByteBuffer bytes = ByteBuffer.wrap(input);
    new Play(FuzzedFrames.next(bytes) % 2 == 0).run(bytes);
    assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory())
        .isZero();
  }

  /** One link from its beginning to its end. */
  private final class Play {
    private final InboundGauge gauge = new InboundGauge(4L * SHARE, SHARE);
    private final LinkOptions options =
        TestOptions.with("fuzzed", allocator, 0, 2, gauge)
            .withStripes(new StripeRange(MOST_CONNECTIONS - 1, MOST_CONNECTIONS));
    private final StripeGrants grants = new StripeGrants(() -> true);
    private final boolean client;
    private final List<Wire> wires = new ArrayList<>();
    private final EmbeddedLink side;

    /** The last STRIPE that the link has written for each connection. */
    private final Map<Integer, byte[]> granted = new HashMap<>();

    /** The connection whose turn it is, as any receiver would say. */
    private int due;

    /** Frames can no longer be told apart from here. */
    private boolean blind;

    private Play(boolean client) {
      this.client = client;
      LinkStripes stripes =
          client
              ? LinkStripes.ofClient(options, this::dialled)
              : LinkStripes.ofServer(options, grants);
      side = new EmbeddedLink(options, stripes, client);
      wires.add(new Wire(side.channel, side, 0));
      side.channel.freezeTime();
      side.read(frames.hello());
    }

    private void run(ByteBuffer bytes) {
      while (bytes.hasRemaining() && side.channel.isOpen()) {
        step(bytes);
        listen();
        check();
      }
      settle();
      finish();
      // Once and with a reason, whatever happened: a defect can keep a link from ending.
      assertThat(side.handler.disconnected)
          .singleElement()
          .isInstanceOf(TributaryException.class)
          .matches(cause -> !String.valueOf(cause.getMessage()).startsWith("defect"));
    }

    private void step(ByteBuffer bytes) {
      int what = FuzzedFrames.next(bytes);
      Wire wire = wires.get((what >> 4) % wires.size());
      switch (what & 0xF) {
        case 0, 1 -> say(wire, frames.frame(bytes));
        case 2, 3 -> {
          int to = FuzzedFrames.next(bytes);
          say(wire, TurnFrameFlyweight.encode(allocator, to % 8, to >= 192));
        }
        case 4, 5 -> say(wire, stripe(bytes));
        case 6 -> accept(bytes);
        case 7 -> {
          byte[] raw = new byte[Math.min(FuzzedFrames.next(bytes), bytes.remaining())];
          bytes.get(raw);
          blind = true;
          say(wire, Unpooled.wrappedBuffer(raw));
        }
        case 8, 9 -> read(wire, 1 + FuzzedFrames.next(bytes) % 4);
        case 10 -> wire.channel.runPendingTasks();
        case 11 -> end(wire, FuzzedFrames.next(bytes) % 2 == 0);
        case 12 -> LinkBytesFuzzTest.act(side.handler, FuzzedFrames.next(bytes));
        case 13 -> side.link().message(1, new byte[FuzzedFrames.next(bytes) << 8]);
        case 14 -> {
          side.channel.advanceTimeBy(250, TimeUnit.MILLISECONDS);
          side.channel.runPendingTasks();
        }
        default -> settle();
      }
    }

    // ---- what the peer says

    private void say(Wire wire, ByteBuf frame) {
      byte[] written = new byte[frame.readableBytes()];
      frame.readBytes(written).release();
      wire.written.add(written);
    }

    /** STRIPE as it was granted, or of any number and token. */
    private ByteBuf stripe(ByteBuffer bytes) {
      int what = FuzzedFrames.next(bytes);
      int number = 1 + (what >> 4) % 7;
      byte[] known = granted.get(number);
      return what % 4 > 0 && known != null
          ? allocator.buffer().writeBytes(known)
          : StripeFrameFlyweight.encode(allocator, number, what % 3, 0);
    }

    /** A client makes one more connection to a server. */
    private void accept(ByteBuffer bytes) {
      if (client || wires.size() == MOST_WIRES) {
        return;
      }
      var other = new EmbeddedLink(options, LinkStripes.ofServer(options, grants), false);
      Wire wire = new Wire(other.channel, other, -1);
      wires.add(wire);
      say(wire, stripe(bytes));
    }

    /** The link makes one more connection to this server. */
    private void dialled(StripeConnection connection) {
      EmbeddedChannel channel = new EmbeddedChannel();
      channel.config().setAllocator(allocator);
      Wire wire = new Wire(channel, null, -1);
      connection.install(channel.pipeline());
      channel.pipeline().fireChannelActive();
      wires.add(wire);
      say(wire, frames.hello());
    }

    private void end(Wire wire, boolean half) {
      if (half && wire.number == 0) {
        wire.half = true;
        wire.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      } else {
        var unused = wire.channel.close();
      }
    }

    // ---- what the link reads and writes

    private void read(Wire wire, int most) {
      for (int i = 0; i < most && wire.isRead() && !wire.written.isEmpty(); i++) {
        byte[] next = wire.written.remove();
        wire.channel.writeInbound(allocator.buffer(Math.max(1, next.length)).writeBytes(next));
        follow(wire, Unpooled.wrappedBuffer(next));
      }
    }

    /** Does with a frame what any receiver has to do. */
    private void follow(Wire wire, ByteBuf frame) {
      int type =
          frame.readableBytes() < FrameHeaderFlyweight.HEADER_LENGTH
              ? 0
              : FrameHeaderFlyweight.typeNumber(frame);
      int length = frame.readableBytes();
      if (wire.number < 0) {
        if (wire.number == -1
            && type == FrameType.STRIPE.number()
            && length == 28
            && wire.channel.isOpen()) {
          wire.number = StripeFrameFlyweight.connection(frame);
        }
        return;
      }
      if (type == FrameType.TURN.number() && length == 12) {
        wire.turns.add(frame);
      }
      for (Wire now = due(); now != null && !now.turns.isEmpty(); now = due()) {
        ByteBuf turn = now.turns.remove();
        if (TurnFrameFlyweight.last(turn)) {
          now.number = -2;
        }
        due = TurnFrameFlyweight.connection(turn);
      }
    }

    private @Nullable Wire due() {
      return wires.stream()
          .filter(wire -> wire.number == due && wire.channel.isOpen())
          .findFirst()
          .orElse(null);
    }

    private void listen() {
      for (Wire wire : wires) {
        for (ByteBuf out = wire.channel.readOutbound(); out != null; ) {
          if (out.readableBytes() == 28
              && FrameHeaderFlyweight.typeNumber(out) == FrameType.STRIPE.number()) {
            byte[] frame = new byte[28];
            out.getBytes(out.readerIndex(), frame);
            granted.put(StripeFrameFlyweight.connection(out), frame);
          }
          out.release();
          out = wire.channel.readOutbound();
        }
      }
    }

    /** Everything that can be read is read, and all event loops run, until nothing moves. */
    private void settle() {
      for (boolean moves = true; moves; ) {
        moves = false;
        for (int i = 0; i < wires.size(); i++) {
          Wire wire = wires.get(i);
          int before = wire.written.size();
          read(wire, Integer.MAX_VALUE);
          moves |= wire.written.size() != before;
          wire.channel.runPendingTasks();
        }
        listen();
        check();
      }
      for (Wire wire : wires) {
        wire.channel.runPendingTasks();
      }
      if (side.handler.disconnected.isEmpty() && !blind && wires.stream().noneMatch(w -> w.half)) {
        int turn = due;
        // A client may be told of a turn before the connection has begun, for which it waits.
        assertThat(wires)
            .as("connection %d is due and read", turn)
            .anyMatch(wire -> (wire.number == turn || wire.number == -1) && wire.isRead());
      }
    }

    private void check() {
      assertThat(gauge.held()).isLessThanOrEqualTo(4L * SHARE);
      assertThat(side.link().holdings().inbound().held()).isLessThanOrEqualTo(SHARE);
      assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory())
          .isLessThan(MOST_BYTES);
    }

    private void finish() {
      for (Wire wire : wires) {
        if (wire.link != null) {
          wire.link.finish();
        }
      }
      for (Wire wire : wires) {
        var unused = wire.channel.close();
        wire.channel.runPendingTasks();
        wire.channel.finishAndReleaseAll();
      }
      side.channel.runPendingTasks();
      assertThat(gauge.held()).isZero();
    }
  }
}
