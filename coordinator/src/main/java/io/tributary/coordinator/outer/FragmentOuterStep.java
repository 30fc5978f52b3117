package io.tributary.coordinator.outer;

import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CodecSession;
import io.tributary.codec.TensorCodec;
import io.tributary.coordinator.guard.AlignedChunks;
import io.tributary.coordinator.guard.CoordinateCombiner;
import io.tributary.coordinator.guard.Guard;
import io.tributary.coordinator.journal.RunRecord;
import io.tributary.run.EncodedPart;
import io.tributary.run.Fragment;
import io.tributary.run.OuterParameters;
import io.tributary.run.RunManifest;
import io.tributary.run.RunSettings;
import io.tributary.run.SyncSchedule;
import io.tributary.run.TensorSlice;
import io.tributary.run.TensorValues;
import io.tributary.store.FloatArrays;
import io.tributary.tensor.TensorChunk;
import io.tributary.tensor.TensorSpec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the next version of a fragment: the mean of the contributions in participant order, the
 * outer optimizer's change, its encoding, and the <em>decoded</em> change applied to θ, so that the
 * coordinator holds what every agent will hold. Works slice by slice: memory beyond θ and momentum
 * is one tensor and the encoded change.
 *
 * <p>The mean is weighted by tokens. Where all weights are equal it is the float32 sum of the
 * decoded contributions times the float32 nearest to 1/M; otherwise the sum of {@code w Δ}, each
 * product and sum rounded to float32, with w the float32 nearest to the contribution's share of all
 * tokens. Without a token anywhere all weights are equal. A contribution's scale multiplies its
 * weight. Where the run's guard says so, something sturdier takes the place of the mean.
 *
 * <p>Used by one thread at a time.
 */
public final class FragmentOuterStep {
  private final RunManifest manifest;
  private final OuterParameters theta;
  private final CodecRegistry codecs;
  private final OuterOptimizer optimizer;
  private final @Nullable CoordinateCombiner combiner;
  private final SyncSchedule schedule;
  private final CodecSession[] downLink;
  private final TensorValues velocity;
  private final int chunkElements;
  private float[] decoded = new float[0];
  private byte[] encoded = new byte[0];

  /**
   * The outer steps of a run on {@code theta}, with momentum on the heap and down-link sessions as
   * yet empty.
   */
  public FragmentOuterStep(RunManifest manifest, OuterParameters theta, CodecRegistry codecs) {
    this(manifest, theta, TensorValues.onHeap(lengths(manifest)), codecs);
  }

  /**
   * The same with momentum somewhere else.
   *
   * @param velocity zeros, as many as {@link #lengths} says
   */
  public FragmentOuterStep(
      RunManifest manifest, OuterParameters theta, TensorValues velocity, CodecRegistry codecs) {
    this.manifest = manifest;
    this.theta = theta;
    this.velocity = velocity;
    this.codecs = codecs;
    schedule = manifest.schedule();
    optimizer = OuterOptimizer.parse(manifest.outer());
    combiner = Guard.parse(manifest.guard()).combiner();
    chunkElements = RunSettings.CHUNK_ELEMENTS.get();
    CodecPolicy policy = CodecPolicy.parse(manifest.codecDown(), codecs);
    List<TensorSlice> slices = manifest.fragmentMap().slices();
    downLink = new CodecSession[slices.size()];
    for (TensorSlice slice : slices) {
      TensorSpec tensor = manifest.schema().tensors().get(slice.tensor());
      downLink[slice.index()] = codecs.session(policy.choose(tensor), slice.count());
    }
  }

  /** The number of momentum's values for each slice of a run. */
  public static int[] lengths(RunManifest manifest) {
    return manifest.fragmentMap().slices().stream().mapToInt(TensorSlice::count).toArray();
  }

  /**
   * Makes the next version.
   *
   * @param version the version to make; the fragment's last one is the plain mean of the replicas,
   *     since no later step would correct what momentum overshoots
   * @param contributions in participant order, at least one
   * @param bytes gives a chunk's encoded bytes as an array-backed buffer
   * @return the encoded change; θ, momentum and the down-link's sessions are then those of the new
   *     version
   */
  public List<EncodedPart> make(
      Fragment fragment,
      int version,
      List<WeightedContribution> contributions,
      Function<RunRecord.Chunk, ByteBuffer> bytes) {
    var parts = new ArrayList<EncodedPart>();
    var aligned =
        new AlignedChunks(
            contributions.stream().map(WeightedContribution::chunks).toList(), codecs, bytes);
    for (TensorSlice slice : fragment.slices()) {
      float[] gradient =
          combiner == null
              ? mean(slice, contributions, bytes)
              : combined(combiner, slice, contributions, aligned);
      if (version < schedule.lastVersion(fragment.index())) {
        float[] remembered = velocity(slice);
        optimizer.step(gradient, remembered);
        velocity.write(slice.index(), 0, remembered, 0, remembered.length);
      }
      for (TensorChunk chunk : TensorChunk.cut(slice.index(), gradient, chunkElements)) {
        parts.add(encodeAndApply(slice, chunk));
      }
    }
    return parts;
  }

  private static float[] combined(
      CoordinateCombiner combiner,
      TensorSlice slice,
      List<WeightedContribution> contributions,
      AlignedChunks aligned) {
    var gradient = new float[slice.count()];
    var scales = new float[contributions.size()];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = contributions.get(i).scale();
    }
    aligned.forEach(
        slice,
        (at, count, values, from) -> combiner.combine(values, from, scales, count, gradient, at));
    return gradient;
  }

  private float[] mean(
      TensorSlice slice,
      List<WeightedContribution> contributions,
      Function<RunRecord.Chunk, ByteBuffer> bytes) {
    var sum = new float[slice.count()];
    boolean equal =
        contributions.stream().mapToLong(WeightedContribution::tokens).distinct().count() == 1;
    double tokens = contributions.stream().mapToDouble(WeightedContribution::tokens).sum();
    for (WeightedContribution contribution : contributions) {
      float weight = contribution.scale() * (equal ? 1 : (float) (contribution.tokens() / tokens));
      for (RunRecord.Chunk chunk : contribution.chunks()) {
        if (slice.covers(chunk.tensor(), chunk.first(), chunk.count())) {
          add(chunk, chunk.first() - slice.first(), bytes.apply(chunk), weight, sum);
        }
      }
    }
    float share = equal ? 1f / contributions.size() : 1;
    for (int i = 0; i < sum.length; i++) {
      sum[i] *= share;
    }
    return sum;
  }

  private void add(RunRecord.Chunk chunk, int first, ByteBuffer bytes, float weight, float[] sum) {
    TensorCodec codec = codecs.forDecoding(chunk.codec(), chunk.codecVersion());
    int at = bytes.arrayOffset() + bytes.position();
    if (weight == 1) {
      codec.accumulate(bytes.array(), at, bytes.remaining(), chunk.count(), sum, first);
      return;
    }
    reserveDecoded(chunk.count());
    codec.decode(bytes.array(), at, bytes.remaining(), chunk.count(), decoded, 0);
    for (int i = 0; i < chunk.count(); i++) {
      float weighted = weight * decoded[i];
      sum[first + i] += weighted;
    }
  }

  private void reserveDecoded(int count) {
    if (decoded.length < count) {
      decoded = new float[count];
    }
  }

  private EncodedPart encodeAndApply(TensorSlice slice, TensorChunk chunk) {
    CodecSession session = downLink[slice.index()];
    TensorCodec codec = session.codec();
    int bound = codec.maxEncodedLength(chunk.count());
    if (encoded.length < bound) {
      encoded = new byte[bound];
    }
    reserveDecoded(chunk.count());
    int first = (int) chunk.first();
    int length = session.encode(first, chunk.values(), chunk.from(), chunk.count(), encoded, 0);
    codec.decode(encoded, 0, length, chunk.count(), decoded, 0);
    theta.subtract(slice.tensor(), slice.first() + first, decoded, chunk.count());
    return new EncodedPart(
            slice.index(),
            first,
            chunk.count(),
            codec.id().number(),
            codec.id().version(),
            Arrays.copyOf(encoded, length))
        .in(slice);
  }

  private float[] velocity(TensorSlice slice) {
    var values = new float[slice.count()];
    velocity.read(slice.index(), 0, values, 0, values.length);
    return values;
  }

  /** Writes a fragment's θ and momentum and what the down-link's sessions remember of it. */
  public void save(Fragment fragment, DataOutput out) throws IOException {
    for (TensorSlice slice : fragment.slices()) {
      FloatArrays.write(out, theta.slice(slice));
      FloatArrays.write(out, velocity(slice));
    }
    for (TensorSlice slice : fragment.slices()) {
      downLink[slice.index()].save(out);
    }
  }

  /** Goes on from what {@link #save} wrote. */
  public void restore(Fragment fragment, DataInput in) throws IOException {
    for (TensorSlice slice : fragment.slices()) {
      var values = new float[slice.count()];
      FloatArrays.read(in, values);
      theta.set(slice.tensor(), slice.first(), values, values.length);
      FloatArrays.read(in, values);
      velocity.write(slice.index(), 0, values, 0, values.length);
    }
    for (TensorSlice slice : fragment.slices()) {
      downLink[slice.index()].restore(in);
    }
  }

  /** The run. */
  public RunManifest manifest() {
    return manifest;
  }
}
