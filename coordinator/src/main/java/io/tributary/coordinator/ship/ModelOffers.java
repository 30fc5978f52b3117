package io.tributary.coordinator.ship;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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
 * streams under way go on with the old one.
 *
 * <p>A peer without the role {@code read} is refused, and so is a second request on a link that a
 * model is on its way on. Safe for any thread.
 */
public final class ModelOffers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelOffers.class);

  /** Threads that read pieces: enough for a fast network, and few beside those of a run. */
  private static final int READERS = 2;

  private final Map<String, Path> files = new TreeMap<>();
  private final Map<String, OfferedModel> open = new HashMap<>();
  private final Set<Link> served = ConcurrentHashMap.newKeySet();

  /** Opens files and digests them; the map of open files is its own. */
  private final Scheduler opener = Schedulers.newSingle("model-offers", true);

  private final Scheduler readers = Schedulers.newParallel("model-pieces", READERS, true);

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
      if (files.putIfAbsent(OfferedModel.nameOf(file), file) != null) {
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
    Path file = file(request.model());
    if (!served.add(link)) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "FETCH of "
              + link.peer().name()
              + ": expected no other before the model asked for has come");
    }
    try {
      opener.schedule(() -> send(link, file));
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

  private Path file(@Nullable String model) {
    Path file =
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

  private void send(Link link, Path file) {
    OfferedModel model;
    try {
      model = current(file);
      link.message(MessageKind.OFFERED.number(), RunDocuments.toBytes(model.offer()));
    } catch (TributaryException e) {
      LOG.warn("can't send {} to {}: {}", file, link.peer().name(), e.getMessage());
      served.remove(link);
      // The reason stays here, since it may name folders.
      link.fail(
          ErrorCode.INTERNAL,
          OfferedModel.nameOf(file) + " can't be read here; see the server's log");
      return;
    }
    ModelOffer offer = model.offer();
    var header = new StreamHeader(StreamKind.SHIPMENT, 0, 0, 0, offer.pieces(), 0);
    model.retain();
    // As if it had been sent before: the reader, which may hold some of it, says where to begin.
    link.send(header, true, from -> model.pieces(from).subscribeOn(readers))
        .doFinally(
            end -> {
              model.release();
              served.remove(link);
            })
        .subscribe(
            nothing -> {},
            failure -> ended(link, file, failure),
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

  /** What a file holds now; on the opener's thread. */
  private OfferedModel current(Path file) {
    String name = OfferedModel.nameOf(file);
    OfferedModel known = open.get(name);
    if (known != null && known.isCurrent()) {
      return known;
    }
    OfferedModel now = OfferedModel.open(file);
    open.put(name, now);
    if (known != null) {
      known.release();
    }
    LOG.info("offers {}: {} bytes, SHA-256 {}", name, now.offer().bytes(), now.offer().sha256());
    return now;
  }

  /** Lets go of the files; links are to be closed before. */
  @Override
  public void close() {
    opener.schedule(
        () -> {
          open.values().forEach(OfferedModel::release);
          open.clear();
        });
    var unused = opener.disposeGracefully().subscribe();
    readers.dispose();
  }
}
