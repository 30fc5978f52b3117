package io.tributary.coordinator;

import io.tributary.codec.CodecChoice;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.Hello;
import io.tributary.link.Link;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.EncodedPart;
import io.tributary.run.RunSettings;
import io.tributary.run.TensorSlice;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorChunk;
import io.tributary.tensor.TensorSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/**
 * Sends versions to agents: changes as they were encoded, once for all, and whole fragments
 * losslessly to those who lack changes, a coarse copy ahead if they ask for it. Each connection has
 * a queue of what it still lacks, and a few streams under way; bytes are read from the store when
 * their turn comes, so a slow connection costs no memory. One that lacks too much, or a change that
 * is no longer kept, is ended: its agent joins again and asks for the newest.
 *
 * <p>A send that fails because the connection ended is forgotten; the agent says at its next JOIN
 * what it lacks. Confined to the run's thread.
 */
final class ChangeSender {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeSender.class);
  private static final CodecChoice LOSSLESS = CodecChoice.parse("raw32");

  /** Streams under way on one connection: enough to fill it while acknowledgements travel. */
  private static final int AT_ONCE = 8;

  /** What may wait on one connection for each fragment: an outline, a snapshot, a few changes. */
  private static final int WAITING_A_FRAGMENT = 4;

  private record Item(StreamKind kind, int fragment, int version, CodecChoice codec) {}

  /** What one connection still lacks. */
  private static final class Outbox {
    private final ArrayDeque<Item> waiting = new ArrayDeque<>();
    private int underWay;
  }

  private final RunStore store;
  private final CodecRegistry codecs;
  private final Executor thread;
  private final Map<Link, Outbox> outboxes = new HashMap<>();

  /** A sender; {@code thread} brings work to the run's thread. */
  ChangeSender(RunStore store, CodecRegistry codecs, Executor thread) {
    this.store = store;
    this.codecs = codecs;
    this.thread = thread;
  }

  /**
   * Checks that a peer decodes what it will be sent.
   *
   * @param policy the codec policy of changes
   * @throws TributaryException {@code UNKNOWN_CODEC} if it doesn't
   */
  void checkDecodes(Hello peer, String policy, ModelSchema schema) {
    CodecPolicy down = CodecPolicy.parse(policy, codecs);
    checkDecodes(peer, LOSSLESS);
    for (TensorSpec tensor : schema.tensors()) {
      checkDecodes(peer, down.choose(tensor));
    }
  }

  /**
   * Checks that a peer decodes the coarse copy that it asks for.
   *
   * @throws TributaryException {@code INVALID_SETTING} if there is no such codec, or it needs
   *     feedback, {@code UNKNOWN_CODEC} if the peer doesn't decode it
   */
  void checkOutline(Hello peer, CodecChoice choice) {
    if (choice.errorFeedback()) {
      throw Errors.invalidSetting(
          "codec of an early start",
          choice,
          "one without error feedback, since nothing follows it");
    }
    checkDecodes(peer, choice);
  }

  private void checkDecodes(Hello peer, CodecChoice choice) {
    CodecId id = codecs.codec(choice).id();
    if (!peer.decodes(id.number(), id.version())) {
      throw new TributaryException(
          ErrorCode.UNKNOWN_CODEC,
          peer.name()
              + " doesn't decode what this run sends: expected "
              + id.name()
              + " version "
              + id.version()
              + ", found "
              + peer.decodes());
    }
  }

  /** Sends the change that leads to a version. */
  void sendChange(Link link, int fragment, int version) {
    add(link, new Item(StreamKind.AGGREGATE, fragment, version, LOSSLESS));
  }

  /** Sends the committed version of a fragment, bit for bit. */
  void sendSnapshot(Link link, int fragment) {
    add(link, new Item(StreamKind.SNAPSHOT, fragment, store.committed(fragment), LOSSLESS));
  }

  /** Sends the committed version of a fragment as a codec makes it. */
  void sendOutline(Link link, int fragment, CodecChoice codec) {
    add(link, new Item(StreamKind.OUTLINE, fragment, store.committed(fragment), codec));
  }

  /** Forgets a connection that has ended. */
  void forget(Link link) {
    outboxes.remove(link);
  }

  private void add(Link link, Item item) {
    Outbox outbox = outboxes.computeIfAbsent(link, l -> new Outbox());
    if (outbox.waiting.size() >= WAITING_A_FRAGMENT * store.fragments().size()) {
      tooSlow(link);
      return;
    }
    outbox.waiting.add(item);
    sendNext(link, outbox);
  }

  private void tooSlow(Link link) {
    LOG.warn(
        "{} takes versions more slowly than they are made; its connection ends, so that it asks for"
            + " the newest",
        link.peer().name());
    forget(link);
    link.close();
  }

  private void sendNext(Link link, Outbox outbox) {
    while (outbox.underWay < AT_ONCE && !outbox.waiting.isEmpty()) {
      Item item = outbox.waiting.remove();
      if (item.kind() == StreamKind.AGGREGATE
          && !store.hasChange(item.fragment(), item.version())) {
        tooSlow(link);
        return;
      }
      outbox.underWay++;
      // A fragment may have gone on since it was asked for; what goes out is what it is now.
      send(
          link,
          item.kind() == StreamKind.AGGREGATE
              ? item
              : new Item(
                  item.kind(), item.fragment(), store.committed(item.fragment()), item.codec()),
          () -> {
            outbox.underWay--;
            if (outboxes.get(link) == outbox) {
              sendNext(link, outbox);
            }
          });
    }
  }

  private void send(Link link, Item item, Runnable whenDone) {
    List<EncodedPart> parts =
        item.kind() == StreamKind.AGGREGATE
            ? store.change(item.fragment(), item.version())
            : whole(item.fragment(), item.codec());
    var header = new StreamHeader(item.kind(), item.fragment(), item.version(), 0, parts.size(), 0);
    link.send(header, false, from -> Flux.fromIterable(parts).skip(from).map(EncodedPart::toChunk))
        .subscribe(
            taken -> {},
            failure -> {
              failed(link, header, failure);
              thread.execute(whenDone);
            },
            () -> thread.execute(whenDone));
  }

  private List<EncodedPart> whole(int fragment, CodecChoice choice) {
    TensorCodec codec = codecs.codec(choice);
    var parts = new ArrayList<EncodedPart>();
    for (TensorSlice slice : store.fragments().fragment(fragment).slices()) {
      float[] values = store.theta().slice(slice);
      for (TensorChunk chunk :
          TensorChunk.cut(slice.index(), values, RunSettings.CHUNK_ELEMENTS.get())) {
        var bytes = new byte[codec.maxEncodedLength(chunk.count())];
        int length = codec.encode(chunk.values(), chunk.from(), chunk.count(), bytes, 0);
        parts.add(
            new EncodedPart(
                    slice.index(),
                    (int) chunk.first(),
                    chunk.count(),
                    codec.id().number(),
                    codec.id().version(),
                    Arrays.copyOf(bytes, length))
                .in(slice));
      }
    }
    return parts;
  }

  /** An agent that refuses a version would wait for it for ever: it is told to go. */
  private static void failed(Link link, StreamHeader header, Throwable failure) {
    if (!Errors.isRetryable(failure)) {
      LOG.warn("{} refused {}: {}", link.peer().name(), header, failure.getMessage());
      link.fail(
          ErrorCode.PROTOCOL_VIOLATION,
          "version "
              + header.version()
              + " of fragment "
              + header.fragment()
              + " was refused: "
              + failure.getMessage());
    }
  }
}
