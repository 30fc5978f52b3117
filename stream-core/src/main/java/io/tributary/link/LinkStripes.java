package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.ScheduledFuture;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.frame.FrameFormat;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.FrameType;
import io.tributary.frame.StripeFrameFlyweight;
import io.tributary.security.PeerIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one link, below it: what leaves is dealt to them by a {@link StripeDealer},
 * what comes is put in order by a {@link StripeMerge}, so that the link sees one connection, the
 * first, in whose pipeline this handler stands. A client asks for more connections and gives them
 * back as its {@link StripeController} wants; a server grants them.
 *
 * <p>Everything happens on the event loop of the first connection, unless a method says otherwise.
 */
final class LinkStripes extends ChannelDuplexHandler implements StripeMerge.Sink {
  /** How a client makes further connections. */
  interface Dialler {
    /** Makes a connection for which {@link StripeConnection#install} prepares the pipeline. */
    void dial(StripeConnection connection);
  }

  private enum State {
    FREE,
    ASKED,
    GRANTED,
    OPEN,
    ENDING
  }

  /** One connection beyond the first. */
  private static final class Seat {
    private State state = State.FREE;
    private StripeGrants.Token token = StripeGrants.Token.NONE;
    private @Nullable StripeConnection connection;
  }

  private static final Logger log = LoggerFactory.getLogger(LinkStripes.class);
  private static final Duration LINGER = Duration.ofSeconds(1);
  private static final long LOOK_MILLIS = 250;
  private static final int MOST_WAITING_BYTES = 1 << 20;

  private final LinkOptions options;

  /** All connections together take no more than half of what a link may hold. */
  private final int mostWaiting;

  private final @Nullable Dialler dialler;
  private final @Nullable StripeGrants grants;
  private final SocketCounter counter = new SocketCounter();
  private final Seat[] seats = new Seat[FrameFormat.MAX_CONNECTIONS];
  private @Nullable ChannelHandlerContext context;
  private @Nullable ChannelLink link;
  private @Nullable StripeMerge merge;
  private @Nullable StripeDealer dealer;
  private @Nullable StripeController controller;
  private @Nullable ScheduledFuture<?> looking;
  private long askedNanos;

  /** Bytes that came over the first connection and wait for its turn. */
  private int waiting;

  /** The number of connections that people have been told. */
  private int told = 1;

  private boolean paused;
  private boolean inputEnded;
  private boolean finished;
  private volatile int connections = 1;

  private LinkStripes(
      LinkOptions options, @Nullable Dialler dialler, @Nullable StripeGrants grants) {
    this.options = options;
    this.mostWaiting =
        (int)
            Math.min(
                MOST_WAITING_BYTES,
                options.inbound().limitOfLink() / (2L * options.stripes().most()));
    this.dialler = dialler;
    this.grants = grants;
    for (int i = 0; i < seats.length; i++) {
      seats[i] = new Seat();
    }
  }

  /** The connections of a client's link. */
  static LinkStripes ofClient(LinkOptions options, Dialler dialler) {
    return new LinkStripes(options, dialler, null);
  }

  /** The connections of a server's link. */
  static LinkStripes ofServer(LinkOptions options, StripeGrants grants) {
    return new LinkStripes(options, null, grants);
  }

  /** The link above, before anything is read. */
  void carry(ChannelLink carried) {
    link = carried;
    merge = new StripeMerge(carried.holdings().inbound(), this);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    dealer = new StripeDealer(added);
  }

  private ChannelLink link() {
    return Objects.requireNonNull(link, "nothing is read before there is a link");
  }

  private StripeMerge merge() {
    return Objects.requireNonNull(merge, "nothing is read before there is a link");
  }

  private StripeDealer dealer() {
    return Objects.requireNonNull(dealer, "nothing is written before the pipeline stands");
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "nothing happens before the pipeline stands");
  }

  // ---- for any thread

  LinkOptions options() {
    return options;
  }

  SocketCounter counter() {
    return counter;
  }

  /** The connections that there are. */
  int connections() {
    return connections;
  }

  /** The bytes of one connection that may wait for its turn before it is read no further. */
  int mostWaiting() {
    return link().holdings().inbound().hasRoom() ? mostWaiting : 0;
  }

  /** The certificate of the link's peer. */
  Optional<PeerIdentity> identity() {
    return link().identity();
  }

  /** Whether a HELLO is that of the process at the other end of the link. */
  boolean isFrom(Hello hello) {
    return link().peer().instance().equals(hello.instance());
  }

  /** Runs a task on the link's event loop; false if that is no more. */
  boolean later(Runnable task) {
    return link().executeLater(task);
  }

  // ---- what leaves

  /** Whether a frame would find room. */
  boolean isWritable() {
    return dealer().isWritable();
  }

  @Override
  public void write(ChannelHandlerContext from, Object message, ChannelPromise promise) {
    dealer().write((ByteBuf) message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext from) {
    dealer().flush();
  }

  // ---- what comes

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    ByteBuf frame = (ByteBuf) message;
    if (finished) {
      frame.release();
    } else if (link().isIntroduced()
        || grants == null
        || FrameHeaderFlyweight.typeNumber(frame) != FrameType.STRIPE.number()) {
      waiting += frame.readableBytes();
      merge().offer(0, frame);
      pauseOrResume();
    } else {
      try {
        joinAnother(from, frame, grants);
      } finally {
        frame.release();
      }
    }
  }

  /** Takes frames of another connection, or drops them if it has ended. */
  void take(StripeConnection connection, List<ByteBuf> frames) {
    int number = connection.number();
    Iterator<ByteBuf> rest = frames.iterator();
    try {
      // Asked for each: one of them may end the connection, whose number another may bear then.
      while (rest.hasNext() && seats[number].connection == connection) {
        merge().offer(number, rest.next());
      }
    } finally {
      rest.forEachRemaining(ByteBuf::release);
    }
    closeIfAllHasCome();
  }

  @Override
  public void frame(ByteBuf frame) {
    if (FrameHeaderFlyweight.typeNumber(frame) == FrameType.STRIPE.number()) {
      try {
        onStripe(frame);
      } finally {
        frame.release();
      }
      return;
    }
    boolean hello = FrameHeaderFlyweight.typeNumber(frame) == FrameType.HELLO.number();
    link().onFrame(frame);
    if (hello && dialler != null && !finished) {
      beginToLook();
    }
  }

  @Override
  public void passed(int number, int bytes) {
    if (number == 0) {
      waiting -= bytes;
      pauseOrResume();
    } else {
      StripeConnection connection = seats[number].connection;
      if (connection != null) {
        connection.passed(bytes);
      }
    }
  }

  /**
   * The first connection is read on when the turn comes back to it, as nothing of it waits then.
   */
  private void pauseOrResume() {
    int most = mostWaiting();
    boolean change = paused ? waiting <= most / 2 : waiting > most;
    // When its input ends, all of it has been read.
    if (change && !inputEnded) {
      paused = !paused;
      readOn(context().channel(), !paused);
    }
  }

  /** Reads a connection or lets it wait; on its own event loop. */
  static void readOn(Channel channel, boolean on) {
    // A task of another connection may find a channel closed that still counts as registered. Its
    // file descriptor may be another socket's by then: epoll fails with ENOENT, or changes that
    // one.
    if (channel.isActive() && channel.isRegistered()) {
      channel.config().setAutoRead(on);
    }
  }

  // ---- asked for, granted, begun

  private void beginToLook() {
    // Whoever caps a link wants to leave room for others: no gain is looked for there.
    boolean fixed = options.bytesPerSecond() > 0;
    var begun = new StripeController(options.stripes(), fixed, System.nanoTime());
    controller = begun;
    if (options.stripes().most() > 1 && knowsStripes()) {
      looking =
          context()
              .executor()
              .scheduleAtFixedRate(
                  () -> link().execute(() -> look(begun)), 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Whether the peer knows more than one connection; says so to people if it doesn't. */
  private boolean knowsStripes() {
    int protocol = link().peer().protocol();
    if (protocol < FrameFormat.STRIPES_PROTOCOL) {
      log.info("one connection to {}: more take protocol 2, it speaks {}", link().name(), protocol);
    }
    return protocol >= FrameFormat.STRIPES_PROTOCOL;
  }

  private void look(StripeController begun) {
    if (finished) {
      return;
    }
    if (connections != told && connections == begun.wanted()) {
      told = connections;
      log.info("{} connections to {}", told, link().name());
    }
    long bytes = counter.bytesRead() + counter.bytesWritten();
    begun.look(System.nanoTime(), bytes, !isWritable(), connections);
    for (int i = 1; i < options.stripes().most(); i++) {
      State state = seats[i].state;
      if (i < begun.wanted() && state == State.FREE) {
        ask(i);
      } else if (i >= begun.wanted() && state == State.OPEN) {
        seats[i].state = State.ENDING;
        var unused = dealer().end(i);
      }
    }
  }

  private void ask(int number) {
    seats[number].state = State.ASKED;
    askedNanos = System.nanoTime();
    say(number, StripeGrants.Token.NONE);
  }

  private void say(int number, StripeGrants.Token token) {
    link()
        .scheduler()
        .control(
            StripeFrameFlyweight.encode(link().allocator(), number, token.high(), token.low()));
  }

  private void onStripe(ByteBuf frame) {
    int number = StripeFrameFlyweight.connection(frame);
    var token = StripeGrants.Token.of(frame);
    Seat seat = seats[number];
    boolean asks = token.equals(StripeGrants.Token.NONE);
    if (!link().isIntroduced()
        || link().peer().protocol() < FrameFormat.STRIPES_PROTOCOL
        || (grants == null ? seat.state != State.ASKED : !asks || seat.connection != null)) {
      throw new TributaryException(
          ErrorCode.MALFORMED,
          "STRIPE: expected a connection that may be "
              + (grants == null ? "granted" : "asked for")
              + ", found "
              + number);
    }
    if (grants != null) {
      revoke(seat);
      if (number < options.stripes().most()) {
        seat.token = grants.grant(this, number);
      }
      say(number, seat.token);
      return;
    }
    roundTrip();
    if (asks) {
      seat.state = State.FREE;
      refused();
    } else {
      seat.state = State.GRANTED;
      var connection = StripeConnection.dialled(this, number, token);
      seat.connection = connection;
      allow(number);
      Objects.requireNonNull(dialler, "a client dials").dial(connection);
    }
  }

  private void revoke(Seat seat) {
    if (grants != null) {
      grants.revoke(seat.token);
      seat.token = StripeGrants.Token.NONE;
    }
  }

  private void roundTrip() {
    if (controller != null) {
      controller.roundTrip(System.nanoTime() - askedNanos);
    }
  }

  private void refused() {
    if (controller != null) {
      int had = 1;
      for (Seat seat : seats) {
        // One that has been granted is being made, and a refusal of others is none of it.
        had += seat.state == State.GRANTED || seat.state == State.OPEN ? 1 : 0;
      }
      controller.refused(System.nanoTime(), had);
    }
  }

  /** A connection may have the turn from now on. */
  private void allow(int number) {
    merge().add(number);
    // The end of the first connection's input must not close it while frames before its last ones
    // are still on their way over the others.
    context().channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  /** At a server: the connection of this handler turns out to be one more of another link. */
  private void joinAnother(ChannelHandlerContext from, ByteBuf frame, StripeGrants claimed) {
    var token = StripeGrants.Token.of(frame);
    int number = StripeFrameFlyweight.connection(frame);
    LinkStripes owner = claimed.claim(token, number, identity(), from.channel().remoteAddress());
    finished = true;
    link().yieldTo(owner.link());
    var joined = StripeConnection.accepted(owner, number, token, from.channel());
    from.pipeline().replace(counter, null, owner.counter);
    owner.counter.add(counter);
    from.pipeline().remove(LinkChannelHandler.class);
    from.pipeline().replace(this, null, joined);
    if (!owner.later(() -> owner.joined(joined))) {
      joined.close();
    }
  }

  /** At a server: a connection has come. */
  private void joined(StripeConnection connection) {
    Seat seat = seats[connection.number()];
    if (finished || seat.connection != null) {
      connection.close();
      return;
    }
    seat.token = StripeGrants.Token.NONE;
    seat.connection = connection;
    allow(connection.number());
    // Not before: the answer may be followed by a TURN on the first connection at once.
    Channel channel = connection.channel();
    var unused = channel.writeAndFlush(connection.frame(channel.alloc()));
    opened(connection);
  }

  /** Both sides know of a connection. */
  void opened(StripeConnection connection) {
    Seat seat = seats[connection.number()];
    if (finished || seat.connection != connection) {
      connection.close();
      return;
    }
    seat.state = State.OPEN;
    dealer().add(connection.number(), connection.channel());
    changed(1);
    hasRoom();
  }

  /** A connection has room again: without this word the link waits for the first one's. */
  void hasRoom() {
    if (!finished) {
      context().fireChannelWritabilityChanged();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void changed(int by) {
    connections += by;
  }

  /** At a client: why a connection wasn't had. */
  void complain(int number, TributaryException cause) {
    log.info("connection {} to {} is refused: {}", number, link().name(), cause.getMessage());
  }

  // ---- given back, lost

  @Override
  public void ended(int number) {
    Seat seat = seats[number];
    StripeConnection connection = seat.connection;
    if (connection == null) {
      return;
    }
    if (seat.state == State.GRANTED) {
      throw new TributaryException(
          ErrorCode.MALFORMED,
          "expected connection " + number + " to begin before its end, found its last TURN");
    }
    if (seat.state == State.ENDING) {
      connection.close();
    } else {
      // The client gives it back; it closes the connection when it has read the same from here.
      dealer()
          .end(number)
          .addListener(written -> connection.finish(options.times().helloPatience()));
    }
    free(seat);
    changed(-1);
  }

  private static void free(Seat seat) {
    seat.state = State.FREE;
    seat.connection = null;
  }

  /** A connection has been closed. */
  void left(StripeConnection connection) {
    Seat seat = seats[connection.number()];
    if (finished || seat.connection != connection) {
      return;
    }
    if (seat.state == State.GRANTED && merge().turn() != connection.number()) {
      merge().remove(connection.number());
      free(seat);
      refused();
    } else if (!inputEnded) {
      link()
          .end(
              new TributaryException(
                  ErrorCode.CONNECTION_LOST,
                  "connection " + connection.number() + " to " + link().name() + " has ended"),
              false);
    } else if (merge().turn() == connection.number()) {
      var unused = context().close();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext from, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      linger(false, this::closeFirst);
      closeIfAllHasCome();
    }
    from.fireUserEventTriggered(event);
  }

  private void closeIfAllHasCome() {
    if (inputEnded && (finished || merge().turn() == 0)) {
      closeFirst();
    }
  }

  private void closeFirst() {
    var unused = context().close();
  }

  /** Runs what ends the link when nothing moves any more; for a stranger, after a second. */
  void linger(boolean stranger, Runnable end) {
    var connections = new ArrayList<Channel>(List.of(context().channel()));
    for (Seat seat : seats) {
      if (seat.connection != null && seat.state != State.GRANTED) {
        connections.add(seat.connection.channel());
      }
    }
    Linger.begin(context().executor(), counter, connections, stranger ? 1 : Linger.MOST_LOOKS, end);
  }

  /** The link has ended: what it still says leaves over the first connection. */
  void finish() {
    finished = true;
    if (looking != null) {
      looking.cancel(false);
    }
    merge().release();
    dealer().goHome();
    if (paused && !inputEnded) {
      readOn(context().channel(), true);
    }
    for (Seat seat : seats) {
      revoke(seat);
      if (seat.connection != null) {
        seat.connection.drop();
      }
    }
    if (inputEnded) {
      var unused = context().close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext from) {
    from.fireChannelInactive();
    // Not before: what they carried has come by now, or never will.
    for (Seat seat : seats) {
      if (seat.connection != null) {
        seat.connection.finish(LINGER);
      }
    }
  }
}
