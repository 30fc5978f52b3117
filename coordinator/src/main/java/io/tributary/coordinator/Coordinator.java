package io.tributary.coordinator;

import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.InboundStream;
import io.tributary.link.Link;
import io.tributary.link.LinkHandler;
import io.tributary.link.LinkOptions;
import io.tributary.link.LinkServer;
import io.tributary.run.AgentFinish;
import io.tributary.run.AgentProgress;
import io.tributary.run.FragmentChecksum;
import io.tributary.run.JoinRequest;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.store.DataFolder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A coordinator process: the server's socket, the run's thread, and the hand-over between both.
 *
 * <p>{@link #await} returns when the run is over; {@link #close} may be called at any time and
 * leaves a data folder that the next coordinator goes on from. Safe for any thread.
 */
public final class Coordinator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
  private static final long TICK_MILLIS = 250;
  private static final long FAREWELL_MILLIS = 500;

  private final Scheduler thread = Schedulers.newSingle("coordinator-run");
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final DataFolder folder;
  private final RunStore store;
  private final Run run;
  private final ContributionIntake intake;
  private final LinkServer server;

  private Coordinator(CoordinatorOptions options, Consumer<RunEvent> events) {
    CodecRegistry codecs = CodecRegistry.load();
    // A policy that no codec understands is refused now, not when the first agent joins.
    CodecPolicy.parse(options.codecUp(), codecs);
    CodecPolicy.parse(options.codecDown(), codecs);
    folder = DataFolder.open(options.data());
    try {
      store =
          RunStore.open(options.data(), CoordinatorSettings.JOURNAL_SEGMENT_BYTES.get(), codecs);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
    run = new Run(options, codecs, store, events);
    intake = new ContributionIntake(thread, codecs, store, this::whole, this::broken);
    LinkOptions link = LinkOptions.of("coordinator", codecs.readable(), options.bytesPerSecond());
    try {
      server = LinkServer.bind(options.host(), options.port(), link, new Handler());
    } catch (RuntimeException e) {
      store.close();
      folder.close();
      throw e;
    }
    thread.schedulePeriodically(
        () -> onRun(run::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    events.accept(
        new RunEvent.Listening(server.address().getHostString(), server.address().getPort()));
  }

  /**
   * Opens the data folder, goes on with its run if it holds one, and listens.
   *
   * @param events hears what happens, on the run's thread
   * @throws TributaryException {@code INVALID_SETTING} for a port in use, {@code UNKNOWN_CODEC} for
   *     a policy, {@code STORAGE} for a data folder that another process has or whose content is
   *     damaged
   */
  public static Coordinator start(CoordinatorOptions options, Consumer<RunEvent> events) {
    return new Coordinator(options, events);
  }

  /** The port it listens on. */
  public int port() {
    return server.address().getPort();
  }

  /**
   * Waits until the run is over.
   *
   * @throws TributaryException what ended it otherwise, such as {@code STORAGE} when the disk is
   *     full
   */
  public void await() {
    try {
      end.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TributaryException ours) {
        throw ours;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    end.complete(null);
    server.close();
    thread.schedule(
        () -> {
          store.close();
          folder.close();
        });
    thread.disposeGracefully().block();
  }

  /** Runs one piece of work on the run's thread; a failure there ends the run, not the thread. */
  private void onRun(Runnable work) {
    if (end.isDone()) {
      return;
    }
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.debug("the run ends", e);
      end.completeExceptionally(e);
      return;
    }
    if (run.over()) {
      thread.schedule(() -> end.complete(null), FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Runs what a peer asked for; if the peer is to blame for a failure, its link ends, and the run
   * goes on.
   */
  private void onRun(Link link, Runnable work) {
    thread.schedule(
        () ->
            onRun(
                () -> {
                  try {
                    work.run();
                  } catch (TributaryException e) {
                    if (e.code() == ErrorCode.STORAGE || e.code() == ErrorCode.INTERNAL) {
                      throw e;
                    }
                    LOG.warn("{}: {}", link.peer().name(), e.getMessage());
                    link.fail(e.code(), String.valueOf(e.getMessage()));
                  }
                }));
  }

  private void whole(InboundStream stream, Contribution contribution) {
    onRun(() -> run.contributed(stream, contribution));
    thread.schedule(() -> onRun(run::forceAndAcknowledge));
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
      LOG.warn("refused a contribution: {}", failure.getMessage());
      stream.reject(code, String.valueOf(failure.getMessage()));
    }
  }

  /**
   * The event loops' side: parses what is cheap to parse and hands everything to the run's thread.
   */
  private final class Handler implements LinkHandler {
    @Override
    public void connected(Link link) {}

    @Override
    public void message(Link link, int kind, byte[] body) {
      MessageKind known =
          MessageKind.fromWire(kind)
              .orElseThrow(
                  () ->
                      new TributaryException(
                          ErrorCode.PROTOCOL_VIOLATION, "message of unknown kind " + kind));
      onRun(link, () -> handle(link, known, body));
    }

    private void handle(Link link, MessageKind kind, byte[] body) {
      switch (kind) {
        case JOIN -> run.join(link, RunDocuments.fromBytes(body, JoinRequest.class));
        case CHECKSUM -> run.checksum(link, FragmentChecksum.fromBytes(body));
        case PROGRESS -> run.progress(link, RunDocuments.fromBytes(body, AgentProgress.class));
        case FINISHED -> run.finished(link, RunDocuments.fromBytes(body, AgentFinish.class));
        default ->
            throw new TributaryException(
                ErrorCode.PROTOCOL_VIOLATION, "an agent doesn't send " + kind);
      }
    }

    @Override
    public void stream(Link link, InboundStream stream) {
      onRun(link, () -> run.stream(link, stream, intake));
    }

    @Override
    public void disconnected(Link link, Throwable cause) {
      thread.schedule(() -> onRun(() -> run.disconnected(link, cause)));
    }
  }
}
