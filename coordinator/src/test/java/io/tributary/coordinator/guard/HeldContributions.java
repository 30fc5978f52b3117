package io.tributary.coordinator.guard;

import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.coordinator.journal.Journal;
import io.tributary.coordinator.journal.RunRecord;
import io.tributary.run.Fragment;
import io.tributary.run.FragmentMap;
import io.tributary.run.FragmentOrder;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Contributions to a fragment of two tensors, each agent with chunks of a length of its own. */
final class HeldContributions {
  static final CodecRegistry CODECS = CodecRegistry.load();

  private static final List<Integer> SIZES = List.of(700, 1300);

  /** The number of values of one contribution. */
  static final int ELEMENTS = 2000;

  final Fragment fragment;
  final List<List<RunRecord.Chunk>> contributions = new ArrayList<>();
  private final Map<RunRecord.Chunk, byte[]> stored = new HashMap<>();

  HeldContributions() {
    var tensors = new ArrayList<TensorSpec>();
    for (int size : SIZES) {
      tensors.add(
          new TensorSpec(
              "tensor " + size,
              List.of(size),
              TensorRole.NORM,
              tensors.size(),
              Initializer.constant(0)));
    }
    fragment = FragmentMap.of(new ModelSchema(tensors), FragmentOrder.STRIDED, 1).fragment(0);
  }

  /** Adds a contribution in chunks of at most so many values. */
  HeldContributions add(float[] values, int chunkElements) {
    TensorCodec codec = CODECS.codec("raw32");
    var chunks = new ArrayList<RunRecord.Chunk>();
    int begin = 0;
    for (int tensor = 0; tensor < SIZES.size(); tensor++) {
      for (int first = 0; first < SIZES.get(tensor); first += chunkElements) {
        int count = Math.min(chunkElements, SIZES.get(tensor) - first);
        var bytes = new byte[codec.maxEncodedLength(count)];
        codec.encode(values, begin + first, count, bytes, 0);
        var chunk =
            new RunRecord.Chunk(
                contributions.size(),
                0,
                1,
                chunks.size(),
                tensor,
                first,
                count,
                codec.id().number(),
                codec.id().version(),
                new Journal.Position(0, 0, 0));
        stored.put(chunk, bytes);
        chunks.add(chunk);
      }
      begin += SIZES.get(tensor);
    }
    contributions.add(chunks);
    return this;
  }

  /** Adds contributions, with chunks that differ. */
  HeldContributions addAll(List<float[]> all) {
    for (float[] values : all) {
      add(values, 256 + 100 * contributions.size());
    }
    return this;
  }

  ByteBuffer bytes(RunRecord.Chunk chunk) {
    return ByteBuffer.wrap(Objects.requireNonNull(stored.get(chunk)));
  }

  AlignedChunks aligned() {
    return new AlignedChunks(contributions, CODECS, this::bytes);
  }

  Guard.Verdict judge(String guard) {
    return Guard.parse(guard).judge(fragment, contributions, CODECS, this::bytes);
  }

  /**
   * What honest agents bring: something in common of length √share, something of their own of
   * length √(1 - share).
   */
  static List<float[]> honest(int agents, double share, Random random) {
    var common = new float[ELEMENTS];
    fill(common, Math.sqrt(share / ELEMENTS), random);
    var all = new ArrayList<float[]>();
    for (int a = 0; a < agents; a++) {
      var values = new float[ELEMENTS];
      fill(values, Math.sqrt((1 - share) / ELEMENTS), random);
      for (int i = 0; i < ELEMENTS; i++) {
        values[i] += common[i];
      }
      all.add(values);
    }
    return all;
  }

  private static void fill(float[] values, double deviation, Random random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
  }

  static float[] times(double factor, float[] values) {
    float[] product = Arrays.copyOf(values, values.length);
    for (int i = 0; i < product.length; i++) {
      product[i] *= (float) factor;
    }
    return product;
  }
}
