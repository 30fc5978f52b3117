package io.tributary.coordinator;

import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.error.Errors;
import io.tributary.link.Link;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.EncodedPart;
import io.tributary.run.RunSettings;
import io.tributary.tensor.TensorChunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/**
 * Sends versions to agents: changes as they were encoded, once for all, and whole fragments
 * losslessly to those who lack changes. A send that fails because the connection ended is
 * forgotten; the agent says at its next JOIN what it lacks.
 *
 * <p>Called on the run's thread.
 */
final class ChangeSender {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeSender.class);
  private static final String LOSSLESS = "raw32";

  private final RunStore store;
  private final CodecRegistry codecs;

  ChangeSender(RunStore store, CodecRegistry codecs) {
    this.store = store;
    this.codecs = codecs;
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

  private static void send(
      Link link, StreamKind kind, int fragment, int version, List<EncodedPart> parts) {
    var header = new StreamHeader(kind, fragment, version, 0, parts.size(), 0);
    link.send(header, false, from -> Flux.fromIterable(parts).skip(from).map(EncodedPart::toChunk))
        .subscribe(
            done -> {},
            failure -> {
              if (!Errors.isRetryable(failure)) {
                LOG.warn("{} refused {}: {}", link.peer().name(), header, failure.getMessage());
              }
            });
  }
}
