package io.tributary.coordinator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.coordinator.journal.Journal;
import io.tributary.coordinator.journal.RunRecord;
import io.tributary.run.EncodedPart;
import io.tributary.run.Exchange;
import io.tributary.run.RunManifest;
import io.tributary.run.TensorSlice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Contributions that follow from participant, fragment and version alone, as an agent's would. */
final class TestContributions {
  static final CodecRegistry CODECS = CodecRegistry.load();

  private static final Journal.Position NOWHERE = new Journal.Position(0, 0, 0);

  private TestContributions() {}

  /** The encoded chunks of one contribution, two for each slice of more than one element. */
  static List<EncodedPart> parts(RunManifest run, int participant, int fragment, int version) {
    TensorCodec codec = CODECS.codec(run.codecUp());
    var random = new Random(participant * 1_000_003L + fragment * 1009L + version);
    var parts = new ArrayList<EncodedPart>();
    for (TensorSlice slice : run.fragmentMap().fragment(fragment).slices()) {
      int half = slice.count() / 2;
      for (int[] range : new int[][] {{0, half}, {half, slice.count()}}) {
        if (range[0] < range[1]) {
          int first = slice.first() + range[0];
          parts.add(part(codec, slice.tensor(), first, range[1] - range[0], random));
        }
      }
    }
    return parts;
  }

  private static EncodedPart part(
      TensorCodec codec, int tensor, int first, int count, Random random) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * 0.1f;
    }
    var bytes = new byte[codec.maxEncodedLength(count)];
    int length = codec.encode(values, 0, count, bytes, 0);
    return new EncodedPart(
        tensor,
        first,
        count,
        codec.id().number(),
        codec.id().version(),
        Arrays.copyOf(bytes, length));
  }

  /**
   * Brings one contribution into a store, without a force; {@code after} runs after each append.
   */
  static void store(RunStore store, int participant, int fragment, Runnable after) {
    RunManifest run = java.util.Objects.requireNonNull(store.manifest());
    Contribution contribution = store.beginContribution(participant, fragment);
    int version = store.committed(fragment) + 1;
    for (EncodedPart part : parts(run, participant, fragment, version)) {
      append(
          store,
          contribution,
          chunk(part, participant, fragment, version, contribution.chunks().size()),
          part.bytes());
      after.run();
    }
    store.end(
        contribution,
        new RunRecord.Contribution(
            participant, fragment, version, contribution.chunks().size(), 1));
    after.run();
  }

  static void append(
      RunStore store, Contribution contribution, RunRecord.Chunk chunk, byte[] encoded) {
    ByteBuf bytes = Unpooled.wrappedBuffer(encoded);
    store.append(contribution, chunk, bytes, bytes);
    bytes.release();
  }

  static RunRecord.Chunk chunk(
      EncodedPart part, int participant, int fragment, int version, int index) {
    return new RunRecord.Chunk(
        participant,
        fragment,
        version,
        index,
        part.tensor(),
        part.first(),
        part.count(),
        part.codec(),
        part.codecVersion(),
        NOWHERE);
  }

  /**
   * Makes whatever a run still lacks, with all participants, in the order of the schedule; {@code
   * after} runs after each change of the files. Returns the fingerprint at the end.
   */
  static String complete(RunStore store, Runnable after) {
    RunManifest run = java.util.Objects.requireNonNull(store.manifest());
    List<Integer> all = IntStream.range(0, run.participants()).boxed().toList();
    while (store.members().size() < run.participants()) {
      store.addMember("agent-" + (store.members().size() + 1));
      after.run();
    }
    for (int step = 1; step <= run.steps(); step++) {
      for (Exchange exchange : run.schedule().sentAt(step)) {
        int fragment = exchange.fragment();
        if (store.committed(fragment) < exchange.version()) {
          for (int participant : all) {
            Contribution held = store.round(fragment).get(participant);
            if (held == null || !held.isComplete()) {
              store(store, participant, fragment, after);
            }
          }
          store.force();
          store.commit(fragment, all, List.of());
          after.run();
        }
      }
    }
    return store.theta().fingerprint();
  }

  /** The same chunk with a NaN as its second element, losslessly. */
  static EncodedPart notFinite(EncodedPart good) {
    byte[] bytes = new byte[good.count() * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(Float.BYTES, Float.NaN);
    return new EncodedPart(good.tensor(), good.first(), good.count(), 1, 1, bytes);
  }
}
