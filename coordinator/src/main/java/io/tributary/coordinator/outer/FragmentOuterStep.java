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
import io.tributary.run.FragmentUpdate;
import io.tributary.run.OuterParameters;
import io.tributary.run.RunManifest;
import io.tributary.run.RunSettings;
import io.tributary.run.SyncSchedule;
import io.tributary.run.TensorSlice;
import io.tributary.run.TensorValues;
import io.tributary.store.FloatArrays;
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
 * coordinator holds what every agent will hold. Works chunk by chunk: memory beyond θ and momentum
 * is the encoded change, and one tensor where contributions are cut unlike each other.
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
  /**
   * A version that was made.
   *
   * @param parts the encoded change that leads to it, in the fragment's order
   * @param checksum {@link OuterParameters#checksum} of the fragment
   */
  public record Made(List<EncodedPart> parts, int checksum) {
    /** Copies the list. */
    public Made {
      parts = List.copyOf(parts);
    }
  }

  private static final float[] NOTHING = new float[0];

  private final RunManifest manifest;
  private final OuterParameters theta;
  private final CodecRegistry codecs;
  private final OuterOptimizer optimizer;
  private final @Nullable CoordinateCombiner combiner;
  private final SyncSchedule schedule;
  private final CodecSession[] downLink;
  private final TensorValues velocity;
  private final int chunkElements;
  private float[] gradient = NOTHING;
  private float[] remembered = NOTHING;

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
   * @return what came of it; θ, momentum and the down-link's sessions are then those of the new
   *     version
   */
  public Made make(
      Fragment fragment,
      int version,
      List<WeightedContribution> contributions,
      Function<RunRecord.Chunk, ByteBuffer> bytes) {
    var parts = new ArrayList<EncodedPart>();
    var update = new FragmentUpdate(theta, fragment);
    var aligned =
        new AlignedChunks(
            contributions.stream().map(WeightedContribution::chunks).toList(), codecs, bytes);
    var mean = new MeanGradient(contributions, codecs, bytes);
    boolean steps = version < schedule.lastVersion(fragment.index());
    for (TensorSlice slice : fragment.slices()) {
      boolean whole = combiner != null || !mean.comesInChunksOf(chunkElements, slice);
      float[] all =
          combiner != null
              ? combined(combiner, slice, contributions, aligned)
              : whole ? mean.of(slice) : NOTHING;
      for (int at = 0; at < slice.count(); at += chunkElements) {
        int count = Math.min(chunkElements, slice.count() - at);
        gradient = ofLength(count, gradient);
        if (whole) {
          System.arraycopy(all, at, gradient, 0, count);
        } else {
          Arrays.fill(gradient, 0);
          mean.nextChunk(gradient);
        }
        if (steps) {
          step(slice, at);
        }
        parts.add(encodeAndApply(slice, at, update));
      }
    }
    return new Made(parts, update.checksum());
  }

  /** The array if it has this length, which all but a slice's last chunk have. */
  private static float[] ofLength(int length, float[] array) {
    return array.length == length ? array : new float[length];
  }

  private void step(TensorSlice slice, int at) {
    remembered = ofLength(gradient.length, remembered);
    velocity.read(slice.index(), at, remembered, 0, remembered.length);
    optimizer.step(gradient, remembered);
    velocity.write(slice.index(), at, remembered, 0, remembered.length);
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

  private EncodedPart encodeAndApply(TensorSlice slice, int first, FragmentUpdate update) {
    CodecSession session = downLink[slice.index()];
    TensorCodec codec = session.codec();
    int count = gradient.length;
    var encoded = new byte[codec.maxEncodedLength(count)];
    int length = session.encode(first, gradient, 0, count, encoded, 0);
    // What was encoded isn't needed any more; what comes of it takes its place.
    codec.decode(encoded, 0, length, count, gradient, 0);
    update.subtract(slice.tensor(), slice.first() + first, gradient, count);
    return new EncodedPart(
            slice.index(),
            first,
            count,
            codec.id().number(),
            codec.id().version(),
            length == encoded.length ? encoded : Arrays.copyOf(encoded, length))
        .in(slice);
  }

  /** Writes a fragment's θ and momentum and what the down-link's sessions remember of it. */
  public void save(Fragment fragment, DataOutput out) throws IOException {
    for (TensorSlice slice : fragment.slices()) {
      FloatArrays.write(
          out,
          slice.count(),
          (first, into, count) -> theta.read(slice.tensor(), slice.first() + first, into, count));
      FloatArrays.write(
          out,
          slice.count(),
          (first, into, count) -> velocity.read(slice.index(), first, into, 0, count));
    }
    for (TensorSlice slice : fragment.slices()) {
      downLink[slice.index()].save(out);
    }
  }

  /** Goes on from what {@link #save} wrote. */
  public void restore(Fragment fragment, DataInput in) throws IOException {
    for (TensorSlice slice : fragment.slices()) {
      FloatArrays.read(
          in,
          slice.count(),
          (first, from, count) -> theta.set(slice.tensor(), slice.first() + first, from, count));
      FloatArrays.read(
          in,
          slice.count(),
          (first, from, count) -> velocity.write(slice.index(), first, from, 0, count));
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
