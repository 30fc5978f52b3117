package io.tributary.coordinator;

import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.coordinator.relay.RelayHub;
import io.tributary.coordinator.relay.RelaySettings;
import io.tributary.coordinator.ship.ModelOffers;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.InboundStream;
import io.tributary.link.Link;
import io.tributary.link.LinkHandler;
import io.tributary.link.LinkOptions;
import io.tributary.link.LinkServer;
import io.tributary.link.LinkTimes;
import io.tributary.link.RelayRoute;
import io.tributary.run.AgentFinish;
import io.tributary.run.AgentProgress;
import io.tributary.run.CodecNotice;
import io.tributary.run.FragmentChecksum;
import io.tributary.run.JoinRequest;
import io.tributary.run.MessageKind;
import io.tributary.run.ModelRequest;
import io.tributary.run.RunDocuments;
import io.tributary.run.RunManifest;
import io.tributary.run.ServiceOffer;
import io.tributary.run.ServiceRequest;
import io.tributary.security.LinkSecurity;
import io.tributary.security.Role;
import io.tributary.store.DataFolder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A coordinator process: the server's socket, the run's thread, and the hand-over between both.
 *
 * <p>{@link #await} returns when the run is over or {@link #stop} was called; {@link #close} may be
 * called at any time and leaves a data folder that the next coordinator goes on from. Safe for any
 * thread.
 */
public final class Coordinator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
  private static final long TICK_MILLIS = 250;

  /** How long files may take to close. */
  private static final Duration CLOSING = Duration.ofMillis(1500);

  /** Codes from here on speak of one process alone and aren't sent. */
  private static final int FIRST_LOCAL_CODE = ErrorCode.INVALID_SETTING.number();

  private final Scheduler thread = Schedulers.newSingle("coordinator-run", true);
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final Map<Link, MessageBacklog.OfLink> links = new ConcurrentHashMap<>();
  private final MessageBacklog backlog = new MessageBacklog();
  private final DataFolder folder;
  private final RunStore store;
  private final Run run;
  private final ContributionIntake intake;
  private final RelayHub relay;
  private final ModelOffers offers;
  private final LinkServer server;
  private final CoordinatorGauges gauges;
  private final RunStage stage = new RunStage(System::nanoTime);
  private final BlockWatch watch;
  private final @Nullable SpectrumTelemetry spectrum;
  private boolean forceScheduled;

  private Coordinator(
      CoordinatorOptions options,
      LinkSecurity security,
      CodecRegistry codecs,
      DataFolder folder,
      RunStore store,
      LinkTimes times,
      ModelOffers offers,
      Consumer<RunEvent> events) {
    this.offers = offers;
    this.folder = folder;
    this.store = store;
    int every = CoordinatorSettings.SPECTRUM_EVERY.get();
    spectrum =
        every == 0
            ? null
            : new SpectrumTelemetry(every, codecs, found -> submit(() -> events.accept(found)));
    run =
        new Run(
            options,
            codecs,
            store,
            this::submit,
            events.andThen(this::look),
            System::nanoTime,
            stage);
    intake =
        new ContributionIntake(
            thread, codecs, store, this::whole, this::broken, System::nanoTime, stage);
    relay = new RelayHub(RelaySettings.HELD_BYTES.get(), event -> LOG.info("{}", event));
    String name = security.encrypts() ? security.own().name() : "coordinator";
    LinkOptions link =
        LinkOptions.of(name, codecs.readable(), options.bytesPerSecond())
            .withSecurity(security)
            .withTimes(times);
    server = LinkServer.bind(options.host(), options.port(), link, new Handler());
    gauges =
        new CoordinatorGauges(
            RunStore.journalIn(options.data()), server::load, relay.gauge(), backlog);
    submit(
        () ->
            events.accept(
                new RunEvent.Listening(
                    server.address().getHostString(), server.address().getPort())));
    thread.schedulePeriodically(
        () -> onRun(run::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    watch = BlockWatch.start(stage, events);
  }

  /**
   * Opens the data folder, goes on with its run if it holds one, and listens.
   *
   * @param security how links are protected
   * @param events hears what happens, on the run's thread; that it is blocked, on another
   * @throws TributaryException {@code INVALID_SETTING} for an option out of bounds or a port in
   *     use, {@code UNKNOWN_CODEC} for a policy, {@code STORAGE} for a data folder that another
   *     process has or whose content is damaged
   */
  public static Coordinator start(
      CoordinatorOptions options, LinkSecurity security, Consumer<RunEvent> events) {
    return start(options, security, LinkTimes.fromSettings(), new ModelOffers(List.of()), events);
  }

  /**
   * The same, with links that are more or less patient than the settings say, and models for
   * readers.
   *
   * @param offers closed with the coordinator
   */
  public static Coordinator start(
      CoordinatorOptions options,
      LinkSecurity security,
      LinkTimes times,
      ModelOffers offers,
      Consumer<RunEvent> events) {
    CodecRegistry codecs = CodecRegistry.load();
    // What no agent could take part in is refused now, not when the first agent joins.
    options.check();
    CodecPolicy.parse(options.codecUp(), codecs);
    CodecPolicy.parse(options.codecDown(), codecs).requireFixed("codec-down");
    DataFolder folder = DataFolder.open(options.data());
    RunStore store = null;
    try {
      store =
          RunStore.open(
              options.data(),
              CoordinatorSettings.JOURNAL_SEGMENT_BYTES.get(),
              CoordinatorSettings.JOURNAL_DURABLE.get(),
              codecs,
              record -> {});
      return new Coordinator(options, security, codecs, folder, store, times, offers, events);
    } catch (RuntimeException e) {
      if (store != null) {
        store.close();
      }
      folder.close();
      offers.close();
      throw e;
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.address().getPort();
  }

  /** What it holds now, and may hold at most; reads files, so not for an event loop. */
  public List<Gauge> gauges() {
    return gauges.get();
  }

  /**
   * Waits until the run is over, or until it is to stop before.
   *
   * @throws TributaryException what ended it otherwise, such as {@code STORAGE} when the disk is
   *     full
   */
  public void await() {
    Errors.join(end);
  }

  /** Lets {@link #await} return; the run can go on in another process. */
  public void stop() {
    end.complete(null);
  }

  /** Does nothing the second time. */
  @Override
  public void close() {
    if (closing.getAndSet(true)) {
      return;
    }
    stop();
    watch.close();
    server.close();
    if (spectrum != null) {
      spectrum.close();
    }
    offers.close();
    var files = new CompletableFuture<Void>();
    thread.schedule(
        () -> {
          try {
            store.close();
            folder.close();
            files.complete(null);
          } catch (RuntimeException e) {
            files.completeExceptionally(e);
          }
        });
    try {
      Mono.fromFuture(files).then(thread.disposeGracefully()).block(CLOSING);
    } catch (RuntimeException e) {
      LOG.warn("files of the coordinator didn't close well: {}", e.getMessage());
    }
  }

  /** Hands work to the run's thread; when this coordinator has closed, nobody needs it any more. */
  private void submit(Runnable work) {
    try {
      thread.schedule(() -> onRun(work));
    } catch (RejectedExecutionException e) {
      LOG.debug("closed", e);
    }
  }

  /** Shows telemetry the change that a version was made with; on the run's thread. */
  private void look(RunEvent event) {
    RunManifest manifest = store.manifest();
    if (spectrum != null
        && manifest != null
        && event instanceof RunEvent.Committed made
        && spectrum.wants(made.version())) {
      spectrum.look(
          manifest, made.fragment(), made.version(), store.change(made.fragment(), made.version()));
    }
  }

  /** Runs one piece of work on the run's thread; a failure there ends the run, not the thread. */
  private void onRun(Runnable work) {
    if (end.isDone()) {
      return;
    }
    try {
      stage.run("following what agents say", work);
    } catch (RuntimeException | Error e) {
      LOG.debug("the run ends", e);
      end.completeExceptionally(e);
      return;
    }
    if (run.wantsForce() && !forceScheduled) {
      // Behind what waits already: one force serves all contributions that have ended by then.
      forceScheduled = true;
      submit(
          () -> {
            forceScheduled = false;
            run.forceAndAcknowledge();
          });
    }
    if (run.over()) {
      stop();
    }
  }

  /**
   * Runs what a peer asked for; if the peer is to blame for a failure, its link ends, and the run
   * goes on.
   */
  private void submit(Link link, Runnable work) {
    submit(
        () -> {
          try {
            work.run();
          } catch (TributaryException e) {
            if (e.code() == ErrorCode.STORAGE || e.code() == ErrorCode.INTERNAL) {
              throw e;
            }
            LOG.warn("{} is refused: {}", link.peer().name(), e.getMessage());
            ErrorCode code = e.code().number() >= FIRST_LOCAL_CODE ? ErrorCode.MALFORMED : e.code();
            link.fail(code, String.valueOf(e.getMessage()));
          }
        });
  }

  private void whole(InboundStream stream, Contribution contribution) {
    onRun(() -> run.contributed(stream, contribution));
  }

  private void broken(InboundStream stream, Throwable failure) {
    ErrorCode code = Errors.codeOf(failure);
    if (code == ErrorCode.STORAGE || code == ErrorCode.INTERNAL) {
      onRun(
          () -> {
            throw failure instanceof RuntimeException known
                ? known
                : new IllegalStateException(failure);
          });
    } else if (!code.retryable()) {
      String reason = String.valueOf(failure.getMessage());
      LOG.warn("refused a contribution: {}", reason);
      stream.reject(code, reason);
      if (code == ErrorCode.NON_FINITE) {
        onRun(() -> run.refusedValues(stream.header(), reason));
      }
    }
  }

  /**
   * The event loops' side: parses what is cheap to parse and hands everything to the run's thread.
   */
  private final class Handler implements LinkHandler {
    @Override
    public void connected(Link link) {
      links.put(link, backlog.new OfLink());
      var unused = link.onClose().subscribe(done -> {}, e -> {}, () -> links.remove(link));
    }

    @Override
    public void message(Link link, int kind, byte[] body) {
      MessageKind known =
          MessageKind.fromWire(kind)
              .orElseThrow(
                  () ->
                      new TributaryException(
                          ErrorCode.PROTOCOL_VIOLATION, "message of unknown kind " + kind));
      MessageBacklog.OfLink waiting = Objects.requireNonNull(links.get(link));
      waiting.add(body.length);
      submit(
          link,
          () -> {
            waiting.remove(body.length);
            handle(link, known, body);
          });
    }

    private void handle(Link link, MessageKind kind, byte[] body) {
      switch (kind) {
        case JOIN -> {
          require(link, Role.CONTRIBUTE);
          run.join(link, RunDocuments.fromBytes(body, JoinRequest.class));
        }
        case CHECKSUM -> run.checksum(link, FragmentChecksum.fromBytes(body));
        case PROGRESS -> run.progress(link, RunDocuments.fromBytes(body, AgentProgress.class));
        case WAITING -> run.waits(link);
        case CODEC -> run.codec(link, RunDocuments.fromBytes(body, CodecNotice.class));
        case OFFER -> relay.offer(link, RunDocuments.fromBytes(body, ServiceOffer.class));
        case SEEK -> relay.seek(link, RunDocuments.fromBytes(body, ServiceRequest.class));
        case FETCH -> offers.fetch(link, RunDocuments.fromBytes(body, ModelRequest.class));
        case FINISHED -> run.finished(link, RunDocuments.fromBytes(body, AgentFinish.class));
        default ->
            throw new TributaryException(
                ErrorCode.PROTOCOL_VIOLATION, "an agent doesn't send " + kind);
      }
    }

    private static void require(Link link, Role role) {
      link.identity()
          .filter(peer -> !peer.roles().contains(role))
          .ifPresent(
              peer -> {
                throw new TributaryException(
                    ErrorCode.NOT_TRUSTED, "expected a peer that may " + role + ", found " + peer);
              });
    }

    @Override
    public void stream(Link link, InboundStream stream) {
      submit(link, () -> run.stream(link, stream, intake));
    }

    @Override
    public RelayRoute route(Link from, String name) {
      return relay.route(from, name);
    }

    @Override
    public void disconnected(Link link, Throwable cause) {
      submit(() -> run.disconnected(link, cause));
    }
  }
}
