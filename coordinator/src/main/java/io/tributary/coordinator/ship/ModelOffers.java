package io.tributary.coordinator.ship;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.Link;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.MessageKind;
import io.tributary.run.ModelOffer;
import io.tributary.run.ModelRequest;
import io.tributary.run.RunDocuments;
import io.tributary.security.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The files of models that a server offers, each under its own name, and the readers that are being
 * sent one. A file is read once for its digest when it is first asked for, and again when it has
 * changed since: who replaces it by a move ships the new one to whoever asks from then on, while
 * streams under way go on with the old one. A file that is being read for its digest holds up its
 * own readers alone, where no more than 16 are offered.
 *
 * <p>A peer without the role {@code read} is refused, and so is a second request on a link that a
 * model is on its way on. Safe for any thread.
 */
public final class ModelOffers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelOffers.class);

  /** Threads that open files and digest them, at most one for each; more files share them. */
  private static final int OPENERS = 16;

  /** Threads that read pieces: enough for a fast network, and few beside those of a run. */
  private static final int READERS = 2;

  private final Map<String, OfferedFile> files = new TreeMap<>();
  private final Set<Link> served = ConcurrentHashMap.newKeySet();

  private final Scheduler openers = Schedulers.newParallel("model-offers", OPENERS, true);
  private final ExecutorService readers =
      Executors.newFixedThreadPool(READERS, new DefaultThreadFactory("model-pieces", true));

  /**
   * Not one of the executor as a service: that would interrupt the read of a reader who leaves, and
   * an interrupted read closes the file for all others.
   */
  @SuppressWarnings("UnnecessaryMethodReference") // it hides that this is an ExecutorService
  private final Scheduler pieces = Schedulers.fromExecutor(readers::execute);

  /**
   * Offers these files.
   *
   * @throws TributaryException {@code INVALID_SETTING} if one isn't a file that can be read, or two
   *     have the same name
   */
  public ModelOffers(List<Path> offered) {
    for (Path file : offered) {
      if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
        throw Errors.invalidSetting("--offer", file, "a file that can be read");
      }
      var offer = new OfferedFile(file, openers.createWorker());
      if (files.putIfAbsent(OfferedModel.nameOf(file), offer) != null) {
        throw Errors.invalidSetting("--offer", file, "files of different names");
      }
    }
  }

  /**
   * Tells a reader what it will get, and sends it.
   *
   * @throws TributaryException {@code NOT_TRUSTED} without the role, {@code UNKNOWN_MODEL} if
   *     nothing of that name is offered, {@code PROTOCOL_VIOLATION} if a model is on its way
   */
  public void fetch(Link link, ModelRequest request) {
    requireRole(link);
    OfferedFile file = file(request.model());
    if (!served.add(link)) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "FETCH of "
              + link.peer().name()
              + ": expected no other before the model asked for has come");
    }
    try {
      file.opener.schedule(() -> send(link, file));
    } catch (RejectedExecutionException e) {
      LOG.debug("closed", e);
    }
  }

  private static void requireRole(Link link) {
    link.identity()
        .filter(peer -> !peer.roles().contains(Role.READ))
        .ifPresent(
            peer -> {
              throw new TributaryException(
                  ErrorCode.NOT_TRUSTED,
                  "expected a peer that may " + Role.READ + ", found " + peer);
            });
  }

  private OfferedFile file(@Nullable String model) {
    OfferedFile file =
        model != null
            ? files.get(model)
            : files.size() == 1 ? files.values().iterator().next() : null;
    if (file == null) {
      throw new TributaryException(
          ErrorCode.UNKNOWN_MODEL,
          "model: expected one of those that are offered here, "
              + files.keySet()
              + ", found "
              + (model == null ? "no name" : model));
    }
    return file;
  }

  private void send(Link link, OfferedFile file) {
    OfferedModel model;
    try {
      model = file.current();
      link.message(MessageKind.OFFERED.number(), RunDocuments.toBytes(model.offer()));
    } catch (TributaryException e) {
      LOG.warn("can't send {} to {}: {}", file.path, link.peer().name(), e.getMessage());
      served.remove(link);
      // The reason stays here, since it may name folders.
      link.fail(
          ErrorCode.INTERNAL,
          OfferedModel.nameOf(file.path) + " can't be read here; see the server's log");
      return;
    }
    ModelOffer offer = model.offer();
    var header = new StreamHeader(StreamKind.SHIPMENT, 0, 0, 0, offer.pieces(), 0);
    model.retain();
    // As if it had been sent before: the reader, which may hold some of it, says where to begin.
    link.send(header, true, from -> model.pieces(from).subscribeOn(pieces))
        .doFinally(
            end -> {
              model.release();
              served.remove(link);
            })
        .subscribe(
            nothing -> {},
            failure -> ended(link, file.path, failure),
            () -> LOG.info("{} has {}", link.peer().name(), offer.model()));
  }

  /** The stream has told the reader, whose way may be too slow for an end of the link to arrive. */
  private static void ended(Link link, Path file, Throwable failure) {
    if (Errors.isRetryable(failure)) {
      LOG.debug("{} to {} ended early", file, link.peer().name(), failure);
    } else {
      LOG.warn("sending {} to {}: {}", file, link.peer().name(), failure.getMessage());
    }
  }

  /** Lets go of the files; links are to be closed before. */
  @Override
  public void close() {
    files.values().forEach(file -> file.opener.schedule(file::release));
    var unused = openers.disposeGracefully().subscribe();
    readers.shutdown();
  }

  /** A file that is offered, and the last content that was asked for; of its opener's thread. */
  private static final class OfferedFile {
    final Path path;
    final Scheduler.Worker opener;
    private @Nullable OfferedModel known;

    OfferedFile(Path path, Scheduler.Worker opener) {
      this.path = path;
      this.opener = opener;
    }

    /** What the file holds now. */
    OfferedModel current() {
      OfferedModel before = known;
      if (before != null && before.isCurrent()) {
        return before;
      }
      OfferedModel now = OfferedModel.open(path);
      known = now;
      if (before != null) {
        before.release();
      }
      ModelOffer offer = now.offer();
      LOG.info("offers {}: {} bytes, SHA-256 {}", offer.model(), offer.bytes(), offer.sha256());
      return now;
    }

    void release() {
      if (known != null) {
        known.release();
        known = null;
      }
    }
  }
}
