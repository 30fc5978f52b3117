package io.tributary.bench.chaos;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/**
 * A TCP proxy between one agent and its coordinator that can be told to misbehave. Faults hold for
 * all connections, those to come included, until they are taken back; {@link #corrupt}, {@link
 * #lose} and {@link #halfOpen} happen once, to the connections that there are.
 *
 * <p>Safe for any thread; bytes move on event loops.
 */
public final class FaultProxy implements AutoCloseable {
  private static final int MOST_WAITING_BYTES = 256 * 1024;
  private static final int CONNECT_MILLIS = 2000;
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final int target;
  private final Random random;
  private final Set<Way> ways = ConcurrentHashMap.newKeySet();
  private final DisposableServer server;
  private volatile long delayNanos;
  private volatile long bytesPerSecond;
  private volatile boolean parted;

  /**
   * A proxy on any port.
   *
   * @param target the coordinator's port on loopback
   * @param seed which bit is changed
   */
  public FaultProxy(int target, long seed) {
    this.target = target;
    random = new Random(seed);
    server =
        TcpServer.create()
            .host("127.0.0.1")
            .port(0)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .doOnChannelInit((observer, channel, address) -> channel.pipeline().addFirst(new Way()))
            .bindNow();
  }

  /** Where the agent is to connect. */
  public int port() {
    return server.port();
  }

  /** From now on everything takes so much longer, what waits included; zero ends it. */
  public void delay(Duration time) {
    delayNanos = time.toNanos();
    ways.forEach(Way::hurry);
  }

  /** From now on no more than this passes, what waits included, each way; 0 ends it. */
  public void slow(long rate) {
    bytesPerSecond = rate;
    ways.forEach(Way::hurry);
  }

  /**
   * Begins or ends a partition: bytes wait, as they do between hosts that can't hear each other.
   */
  void part(boolean on) {
    parted = on;
    ways.forEach(Way::wake);
  }

  /** Closes the coordinator's side and lets the agent's side stand, silent. */
  void halfOpen() {
    ways.forEach(Way::halfOpen);
  }

  /** Changes a bit of the next bytes, in one direction or the other. */
  void corrupt() {
    boolean up = random.nextBoolean();
    ways.forEach(way -> way.corruptNext(up));
  }

  /** Loses what is under way and resets the connections. */
  void lose() {
    ways.forEach(Way::lose);
  }

  @Override
  public void close() {
    server.disposeNow(CLOSING);
    ways.forEach(Way::close);
  }

  /** Both directions of one connection, on the event loop of its agent's side. */
  private final class Way extends ChannelInboundHandlerAdapter {
    private @Nullable Channel agent;
    private @Nullable Channel coordinator;
    private @Nullable Direction up;
    private @Nullable Direction down;

    /** Whether the coordinator's side was closed without a word to the agent. */
    private boolean deaf;

    private boolean connecting;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      Channel agentSide = context.channel();
      agent = agentSide;
      ways.add(this);
      agentSide
          .closeFuture()
          .addListener(
              closed -> {
                ways.remove(this);
                end(coordinator);
                release();
              });
      context.fireChannelActive();
      connectUnlessParted(agentSide);
    }

    /** In a partition the agent believes to be connected, as a host behind a broken route may. */
    private void connectUnlessParted(Channel agentSide) {
      if (parted || connecting) {
        return;
      }
      connecting = true;
      var unused =
          TcpClient.newConnection()
              .host("127.0.0.1")
              .port(target)
              .runOn(agentSide.eventLoop())
              .option(ChannelOption.TCP_NODELAY, true)
              .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
              .doOnChannelInit(
                  (observer, channel, address) -> channel.pipeline().addFirst(new FarSide(this)))
              .connect()
              .subscribe(connection -> {}, failure -> end(agentSide));
    }

    /** The coordinator has accepted. */
    void connected(Channel coordinatorSide) {
      Channel agentSide = agent;
      coordinator = coordinatorSide;
      if (agentSide == null || !agentSide.isActive()) {
        end(coordinatorSide);
        return;
      }
      up = new Direction(agentSide, coordinatorSide);
      down = new Direction(coordinatorSide, agentSide);
      agentSide.config().setAutoRead(true);
      coordinatorSide.config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      take(up, (ByteBuf) message);
    }

    void fromCoordinator(ByteBuf bytes) {
      take(down, bytes);
    }

    private void take(@Nullable Direction direction, ByteBuf bytes) {
      if (deaf || direction == null) {
        bytes.release();
      } else {
        direction.take(bytes);
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      pump();
    }

    void pump() {
      if (up != null) {
        up.pump();
      }
      if (down != null) {
        down.pump();
      }
    }

    void coordinatorLeft() {
      if (!deaf && agent != null) {
        Direction last = down;
        if (last == null) {
          end(agent);
        } else {
          last.finish();
        }
      }
    }

    void wake() {
      run(
          () -> {
            Channel agentSide = agent;
            if (agentSide != null) {
              connectUnlessParted(agentSide);
            }
            pump();
          });
    }

    /** What waits is due by the faults of now. */
    void hurry() {
      run(
          () -> {
            if (up != null) {
              up.hurry();
            }
            if (down != null) {
              down.hurry();
            }
          });
    }

    void halfOpen() {
      run(
          () -> {
            deaf = true;
            end(coordinator);
          });
    }

    void corruptNext(boolean upwards) {
      run(
          () -> {
            Direction direction = upwards ? up : down;
            if (direction != null) {
              direction.corrupt = true;
            }
          });
    }

    void lose() {
      run(
          () -> {
            release();
            reset(agent);
            reset(coordinator);
          });
    }

    void close() {
      run(
          () -> {
            end(agent);
            end(coordinator);
          });
    }

    private void run(Runnable work) {
      Channel agentSide = agent;
      if (agentSide != null) {
        agentSide.eventLoop().execute(work);
      }
    }

    private void release() {
      if (up != null) {
        up.release();
      }
      if (down != null) {
        down.release();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
      end(context.channel()); // a reset of the agent's: its end is all that counts
    }
  }

  private static void end(@Nullable Channel channel) {
    if (channel != null) {
      var unused = channel.close();
    }
  }

  private static void reset(@Nullable Channel channel) {
    if (channel != null && channel.isActive()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      var unused = channel.close();
    }
  }

  /** The coordinator's end of a way. */
  private static final class FarSide extends ChannelInboundHandlerAdapter {
    private final Way way;

    FarSide(Way way) {
      this.way = way;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      context.fireChannelActive();
      way.connected(context.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      way.fromCoordinator((ByteBuf) message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      way.pump();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      way.coordinatorLeft();
      context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
      end(context.channel());
    }
  }

  private record Waiting(ByteBuf bytes, long came, long due) {}

  /** Bytes from one side to the other, in order, each when it is due. */
  private final class Direction {
    private final Channel from;
    private final Channel to;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private long lastDue = System.nanoTime();
    private boolean corrupt;
    private boolean finished;
    private @Nullable ScheduledFuture<?> wakeUp;

    Direction(Channel from, Channel to) {
      this.from = from;
      this.to = to;
    }

    void take(ByteBuf bytes) {
      int length = bytes.readableBytes();
      if (corrupt && length > 0) {
        corrupt = false;
        int at = bytes.readerIndex() + random.nextInt(length);
        bytes.setByte(at, bytes.getByte(at) ^ (1 << random.nextInt(8)));
      }
      add(bytes, System.nanoTime());
      waitingBytes += length;
      pump();
    }

    private void add(ByteBuf bytes, long came) {
      long rate = bytesPerSecond;
      long due = Math.max(lastDue, came + delayNanos);
      if (rate > 0) {
        due += bytes.readableBytes() * 1_000_000_000L / rate;
      }
      lastDue = due;
      waiting.add(new Waiting(bytes, came, due));
    }

    /** Reckons anew when what waits is due. */
    void hurry() {
      List<Waiting> before = List.copyOf(waiting);
      waiting.clear();
      lastDue = System.nanoTime();
      before.forEach(w -> add(w.bytes(), w.came()));
      if (wakeUp != null) {
        wakeUp.cancel(false);
        wakeUp = null;
      }
      pump();
    }

    /** No more bytes come; when the last has left, the other side is closed. */
    void finish() {
      finished = true;
      pump();
    }

    void pump() {
      boolean wrote = false;
      long now = System.nanoTime();
      while (!parted && !waiting.isEmpty() && to.isWritable()) {
        long early = waiting.peek().due() - now;
        if (early > 0) {
          wakeIn(early);
          break;
        }
        ByteBuf bytes = waiting.remove().bytes();
        waitingBytes -= bytes.readableBytes();
        var unused = to.write(bytes);
        wrote = true;
      }
      if (wrote) {
        to.flush();
      }
      // What isn't read fills the sender's window: that is how a slow network is felt.
      from.config().setAutoRead(waitingBytes < MOST_WAITING_BYTES);
      if (finished && waiting.isEmpty()) {
        end(to);
      }
    }

    private void wakeIn(long nanos) {
      if (wakeUp == null) {
        wakeUp =
            to.eventLoop()
                .schedule(
                    () -> {
                      wakeUp = null;
                      pump();
                    },
                    nanos,
                    TimeUnit.NANOSECONDS);
      }
    }

    void release() {
      waiting.forEach(w -> w.bytes().release());
      waiting.clear();
      waitingBytes = 0;
    }
  }
}
