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
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorChunk;
import io.tributary.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/**
 * Sends versions to agents: changes as they were encoded, once for all, and whole fragments
 * losslessly to those who lack changes. A send that fails because the connection ended is
 * forgotten; the agent says at its next JOIN what it lacks. A connection on which too much waits is
 * ended for the same reason: what its agent lacks is then one model, not every version that was
 * ever made.
 *
 * <p>Called on the run's thread.
 */
final class ChangeSender {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeSender.class);
  private static final String LOSSLESS = "raw32";

  /** Streams that may wait on one connection for each fragment: a snapshot and a few changes. */
  private static final int WAITING_A_FRAGMENT = 4;

  private final RunStore store;
  private final CodecRegistry codecs;
  private final Map<Link, AtomicInteger> waiting = new ConcurrentHashMap<>();

  ChangeSender(RunStore store, CodecRegistry codecs) {
    this.store = store;
    this.codecs = codecs;
  }

  /**
   * Checks that a peer decodes what it will be sent.
   *
   * @param policy the codec policy of changes
   * @throws TributaryException {@code UNKNOWN_CODEC} if it doesn't
   */
  void checkDecodes(Hello peer, String policy, ModelSchema schema) {
    CodecPolicy down = CodecPolicy.parse(policy, codecs);
    checkDecodes(peer, CodecChoice.parse(LOSSLESS));
    for (TensorSpec tensor : schema.tensors()) {
      checkDecodes(peer, down.choose(tensor));
    }
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

  /** Sends the change that leads to a version. Returns its encoded bytes. */
  long sendChange(Link link, int fragment, int version) {
    List<EncodedPart> parts = store.change(fragment, version);
    send(link, StreamKind.AGGREGATE, fragment, version, parts);
    return parts.stream().mapToLong(p -> p.bytes().length).sum();
  }

  /** Sends the committed version of a fragment, bit for bit. */
  void sendSnapshot(Link link, int fragment) {
    TensorCodec codec = codecs.codec(LOSSLESS);
    var parts = new ArrayList<EncodedPart>();
    for (int tensor : store.fragments().fragment(fragment).tensors()) {
      for (TensorChunk chunk :
          TensorChunk.cut(tensor, store.theta().tensor(tensor), RunSettings.CHUNK_ELEMENTS.get())) {
        var bytes = new byte[codec.maxEncodedLength(chunk.count())];
        int length = codec.encode(chunk.values(), chunk.from(), chunk.count(), bytes, 0);
        parts.add(
            new EncodedPart(
                tensor,
                (int) chunk.first(),
                chunk.count(),
                codec.id().number(),
                codec.id().version(),
                Arrays.copyOf(bytes, length)));
      }
    }
    send(link, StreamKind.SNAPSHOT, fragment, store.committed(fragment), parts);
  }

  /** Forgets a connection that has ended. */
  void forget(Link link) {
    waiting.remove(link);
  }

  private void send(
      Link link, StreamKind kind, int fragment, int version, List<EncodedPart> parts) {
    AtomicInteger under = waiting.computeIfAbsent(link, l -> new AtomicInteger());
    if (under.incrementAndGet() > WAITING_A_FRAGMENT * store.fragments().size()) {
      LOG.warn(
          "{} takes the versions more slowly than they are made; its connection ends, so that it"
              + " asks for the newest",
          link.peer().name());
      link.close();
      return;
    }
    var header = new StreamHeader(kind, fragment, version, 0, parts.size(), 0);
    link.send(header, false, from -> Flux.fromIterable(parts).skip(from).map(EncodedPart::toChunk))
        .doFinally(end -> under.decrementAndGet())
        .subscribe(done -> {}, failure -> failed(link, header, failure));
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
