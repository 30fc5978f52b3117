package io.tributary.bench.diloco.identity;

import io.tributary.codec.CodecChoice;
import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.run.Fragment;
import io.tributary.run.JoinReply;
import io.tributary.run.JoinRequest;
import io.tributary.run.RunDocuments;
import io.tributary.run.RunManifest;
import io.tributary.run.RunSettings;
import io.tributary.run.SyncSchedule;
import io.tributary.run.TensorSlice;
import java.util.Collections;
import java.util.List;

/**
 * How many bytes an agent's socket carries in a whole run, computed from {@code
 * docs/wire-format.md} and the manifest before the run. Left out is what depends on time: news of
 * progress (four short messages a second at most) and pings.
 */
final class WirePrediction {
  // Lengths of frames, from section 3 of the page.
  private static final int HELLO = 40;
  private static final int HELLO_CODEC = 4;
  private static final int OPEN = 40;
  private static final int DATA_HEADER = 48;
  private static final int CLOSE = 16;
  private static final int CREDIT = 16;
  private static final int ACK = 16;
  private static final int MESSAGE_HEADER = 24;
  private static final int PAYLOAD = 16_384;

  // Bodies of messages.
  private static final int CHECKSUM = 12;
  private static final int FINGERPRINT_DOCUMENT = 83;

  private final RunManifest manifest;
  private final CodecRegistry codecs;
  private final int chunkElements = RunSettings.CHUNK_ELEMENTS.get();

  /**
   * Bytes in each direction.
   *
   * @param up from the agent to the coordinator
   * @param down from the coordinator to the agent
   */
  record Bytes(long up, long down) {}

  WirePrediction(RunManifest manifest, CodecRegistry codecs) {
    this.manifest = manifest;
    this.codecs = codecs;
  }

  /** What one agent's socket carries from HELLO to farewell. */
  Bytes ofAgent(String name) {
    long up = hello(name) + join(name) + message(FINGERPRINT_DOCUMENT);
    long down = hello("coordinator") + welcome() + message(0);
    SyncSchedule schedule = manifest.schedule();
    for (Fragment fragment : manifest.fragmentMap().fragments()) {
      long versions = schedule.lastVersion(fragment.index());
      up += versions * (stream(fragment, manifest.codecUp()) + message(CHECKSUM));
      up += versions * answers(fragment);
      down += versions * (stream(fragment, manifest.codecDown()) + answers(fragment));
    }
    return new Bytes(up, down);
  }

  /** The encoded bytes alone of one exchange of a fragment in one direction. */
  long payload(Fragment fragment, String policy) {
    long bytes = 0;
    CodecPolicy choices = CodecPolicy.parse(policy, codecs);
    for (TensorSlice slice : fragment.slices()) {
      CodecChoice choice = choices.choose(manifest.schema().tensors().get(slice.tensor()));
      TensorCodec codec = codecs.codec(choice);
      for (int count : chunks(slice)) {
        bytes += Math.round(codec.bitsPerElement(count) * count / 8);
      }
    }
    return bytes;
  }

  private long stream(Fragment fragment, String policy) {
    long bytes = OPEN + CLOSE;
    CodecPolicy choices = CodecPolicy.parse(policy, codecs);
    for (TensorSlice slice : fragment.slices()) {
      CodecChoice choice = choices.choose(manifest.schema().tensors().get(slice.tensor()));
      TensorCodec codec = codecs.codec(choice);
      for (int count : chunks(slice)) {
        long encoded = Math.round(codec.bitsPerElement(count) * count / 8);
        bytes += encoded + DATA_HEADER * Math.max(1, ceilDivide(encoded, PAYLOAD));
      }
    }
    return bytes;
  }

  /** What a receiver says to a stream: a credit for each chunk at most, and that it has it all. */
  private long answers(Fragment fragment) {
    long chunks = 0;
    for (TensorSlice slice : fragment.slices()) {
      chunks += chunks(slice).size();
    }
    return CREDIT * chunks + ACK;
  }

  private List<Integer> chunks(TensorSlice slice) {
    int elements = slice.count();
    var counts = new java.util.ArrayList<Integer>();
    for (int first = 0; first < elements; first += chunkElements) {
      counts.add(Math.min(chunkElements, elements - first));
    }
    return counts;
  }

  private long hello(String name) {
    return HELLO + (long) HELLO_CODEC * codecs.readable().size() + name.length();
  }

  private long join(String name) {
    var request =
        new JoinRequest(name, null, List.of(), manifest.schema().hash(), manifest.schema());
    return message(RunDocuments.toBytes(request).length);
  }

  private long welcome() {
    List<Integer> versions = Collections.nCopies(manifest.fragmentMap().size(), 0);
    var reply = new JoinReply(manifest, 0, false, versions, versions);
    return message(RunDocuments.toBytes(reply).length);
  }

  private static long message(int body) {
    return body + MESSAGE_HEADER * Math.max(1, ceilDivide(body, PAYLOAD));
  }

  private static long ceilDivide(long dividend, long divisor) {
    return (dividend + divisor - 1) / divisor;
  }
}
