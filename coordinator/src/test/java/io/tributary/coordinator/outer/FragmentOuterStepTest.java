package io.tributary.coordinator.outer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.coordinator.journal.Journal;
import io.tributary.coordinator.journal.RunRecord;
import io.tributary.error.TributaryException;
import io.tributary.run.EncodedPart;
import io.tributary.run.ExchangeInterval;
import io.tributary.run.Fragment;
import io.tributary.run.FragmentOrder;
import io.tributary.run.FragmentUpdate;
import io.tributary.run.OuterParameters;
import io.tributary.run.RunManifest;
import io.tributary.run.TensorSlice;
import io.tributary.run.TestModels;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FragmentOuterStepTest {
  private static final CodecRegistry CODECS = CodecRegistry.load();

  private final Map<RunRecord.Chunk, byte[]> stored = new HashMap<>();

  private ByteBuffer bytes(RunRecord.Chunk chunk) {
    byte[] encoded = Objects.requireNonNull(stored.get(chunk));
    // In the middle of an array, as a journal gives it.
    byte[] padded = new byte[encoded.length + 6];
    System.arraycopy(encoded, 0, padded, 4, encoded.length);
    return ByteBuffer.wrap(padded, 4, encoded.length);
  }

  /** A contribution with the values of a generator. */
  private WeightedContribution contribution(
      Fragment fragment, int participant, String codec, Random random) {
    TensorCodec encoder = CODECS.codec(codec);
    var chunks = new ArrayList<RunRecord.Chunk>();
    for (TensorSlice slice : fragment.slices()) {
      var values = new float[slice.count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      var encoded = new byte[encoder.maxEncodedLength(values.length)];
      int length = encoder.encode(values, 0, values.length, encoded, 0);
      var chunk =
          new RunRecord.Chunk(
              participant,
              fragment.index(),
              1,
              chunks.size(),
              slice.tensor(),
              slice.first(),
              values.length,
              encoder.id().number(),
              encoder.id().version(),
              new Journal.Position(1, participant * 1000L + chunks.size(), length));
      stored.put(chunk, Arrays.copyOf(encoded, length));
      chunks.add(chunk);
    }
    return new WeightedContribution(100, chunks);
  }

  private float[] decoded(RunRecord.Chunk chunk) {
    byte[] encoded = Objects.requireNonNull(stored.get(chunk));
    var values = new float[chunk.count()];
    CODECS
        .forDecoding(chunk.codec(), chunk.codecVersion())
        .decode(encoded, 0, encoded.length, chunk.count(), values, 0);
    return values;
  }

  private static RunManifest manifest(String down, String outer) {
    RunManifest m = TestModels.manifest(64, 64);
    return new RunManifest(
        RunManifest.FORMAT,
        m.run(),
        1,
        64,
        64,
        12,
        ExchangeInterval.fixed(6),
        FragmentOrder.STRIDED,
        2,
        1,
        0.5f,
        0,
        outer,
        "none",
        "raw32",
        down,
        m.schema());
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw32", "int8block", "e3m0"})
  void theMeanOf64EqualContributionsIsOneOfThem(String codec) {
    RunManifest manifest = manifest("raw32", "nesterov:1,0");
    OuterParameters theta = OuterParameters.initial(manifest.schema(), 1);
    OuterParameters before = OuterParameters.initial(manifest.schema(), 1);
    var step = new FragmentOuterStep(manifest, theta, CODECS);
    Fragment fragment = manifest.fragmentMap().fragment(0);
    var all = new ArrayList<WeightedContribution>();
    for (int p = 0; p < 64; p++) {
      all.add(contribution(fragment, p, codec, new Random(5)));
    }
    List<EncodedPart> parts = step.make(fragment, 1, all, this::bytes).parts();
    for (int i = 0; i < parts.size(); i++) {
      RunRecord.Chunk one = all.get(0).chunks().get(i);
      float[] expected = decoded(one);
      float[] mean = new float[expected.length];
      CODECS
          .codec("raw32")
          .decode(parts.get(i).bytes(), 0, parts.get(i).bytes().length, mean.length, mean, 0);
      for (int e = 0; e < mean.length; e++) {
        assertThat(mean[e]).isCloseTo(expected[e], within(Math.abs(expected[e]) * 1e-6f));
        assertThat(theta.tensor(one.tensor())[e])
            .isEqualTo(before.tensor(one.tensor())[e] - mean[e]);
      }
    }
  }

  @Test
  void theSumIsInTheOrderOfTheParticipants() {
    RunManifest manifest = manifest("raw32", "nesterov:1,0");
    Fragment fragment = manifest.fragmentMap().fragment(1);
    var random = new Random(9);
    List<WeightedContribution> three =
        List.of(
            contribution(fragment, 0, "raw32", random),
            contribution(fragment, 1, "raw32", random),
            contribution(fragment, 2, "raw32", random));
    OuterParameters theta = OuterParameters.initial(manifest.schema(), 1);
    List<EncodedPart> parts =
        new FragmentOuterStep(manifest, theta, CODECS)
            .make(fragment, 1, three, this::bytes)
            .parts();
    float share = 1f / 3;
    for (int i = 0; i < parts.size(); i++) {
      float[] a = decoded(three.get(0).chunks().get(i));
      float[] b = decoded(three.get(1).chunks().get(i));
      float[] c = decoded(three.get(2).chunks().get(i));
      ByteBuffer change =
          ByteBuffer.wrap(parts.get(i).bytes()).order(java.nio.ByteOrder.LITTLE_ENDIAN);
      for (int e = 0; e < a.length; e++) {
        assertThat(change.getFloat(e * 4)).isEqualTo(((a[e] + b[e]) + c[e]) * share);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"300, 100, 0.75, 0.25", "0, 7, 0, 1", "0, 0, 0.5, 0.5", "9, 9, 0.5, 0.5"})
  void theMeanIsWeightedByTokens(long tokensA, long tokensB, float weightA, float weightB) {
    RunManifest manifest = manifest("raw32", "average:1");
    Fragment fragment = manifest.fragmentMap().fragment(0);
    var random = new Random(4);
    var a = contribution(fragment, 0, "int8block", random).chunks();
    var b = contribution(fragment, 1, "raw32", random).chunks();
    OuterParameters theta = OuterParameters.initial(manifest.schema(), 1);
    List<EncodedPart> parts =
        new FragmentOuterStep(manifest, theta, CODECS)
            .make(
                fragment,
                1,
                List.of(new WeightedContribution(tokensA, a), new WeightedContribution(tokensB, b)),
                this::bytes)
            .parts();
    for (int i = 0; i < parts.size(); i++) {
      float[] left = decoded(a.get(i));
      float[] right = decoded(b.get(i));
      ByteBuffer change =
          ByteBuffer.wrap(parts.get(i).bytes()).order(java.nio.ByteOrder.LITTLE_ENDIAN);
      for (int e = 0; e < left.length; e++) {
        float expected = weightA * left[e] + weightB * right[e];
        assertThat(change.getFloat(e * 4)).isCloseTo(expected, within(1e-6f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw32", "int8block", "e3m0", "e3m0+ef"})
  void thetaGetsTheDecodedChange(String down) {
    RunManifest manifest = manifest(down, "nesterov:0.7,0.9");
    OuterParameters theta = OuterParameters.initial(manifest.schema(), 1);
    OuterParameters follower = OuterParameters.initial(manifest.schema(), 1);
    var step = new FragmentOuterStep(manifest, theta, CODECS);
    var random = new Random(3);
    for (int round = 0; round < 3; round++) {
      for (Fragment fragment : manifest.fragmentMap().fragments()) {
        List<WeightedContribution> two =
            List.of(
                contribution(fragment, 0, "e3m0", random),
                contribution(fragment, 1, "int8block", random));
        var update = new FragmentUpdate(follower, fragment);
        FragmentOuterStep.Made made = step.make(fragment, round + 1, two, this::bytes);
        for (EncodedPart part : made.parts()) {
          var change = new float[part.count()];
          CODECS
              .forDecoding(part.codec(), part.codecVersion())
              .decode(part.bytes(), 0, part.bytes().length, part.count(), change, 0);
          update.subtract(part.tensor(), part.first(), change, part.count());
        }
        assertThat(made.checksum()).isEqualTo(theta.checksum(fragment));
        assertThat(update.checksum()).isEqualTo(made.checksum());
      }
    }
    assertThat(follower.fingerprint()).isEqualTo(theta.fingerprint());
  }

  @Test
  void theLastVersionIsThePlainMean() {
    RunManifest manifest = manifest("raw32", "nesterov:0.7,0.9");
    Fragment fragment = manifest.fragmentMap().fragment(0);
    OuterParameters theta = OuterParameters.initial(manifest.schema(), 1);
    var step = new FragmentOuterStep(manifest, theta, CODECS);
    step.make(fragment, 1, List.of(contribution(fragment, 0, "raw32", new Random(1))), this::bytes);
    float[] before = theta.tensor(fragment.slices().get(0).tensor()).clone();
    WeightedContribution last = contribution(fragment, 0, "raw32", new Random(2));
    step.make(fragment, manifest.schedule().lastVersion(0), List.of(last), this::bytes);
    float[] gradient = decoded(last.chunks().get(0));
    for (int e = 0; e < before.length; e++) {
      assertThat(theta.tensor(fragment.slices().get(0).tensor())[e])
          .isEqualTo(before[e] - gradient[e]);
    }
  }

  static Stream<String> allCodecs() {
    return CODECS.providers().stream()
        .map(p -> p.id().name())
        .flatMap(n -> Stream.of(n, n + "+ef"));
  }

  /**
   * State, momentum and the down-link's feedback from files: the next step gives the same bits,
   * whatever the codec.
   */
  @ParameterizedTest
  @MethodSource("allCodecs")
  void aStepAfterARestoreGivesTheSameBits(String down, @TempDir Path folder) {
    RunManifest manifest = manifest(down, "nesterov:0.7,0.9");
    var files = new FragmentFiles(folder, true);
    OuterParameters theta = OuterParameters.initial(manifest.schema(), 1);
    var step = new FragmentOuterStep(manifest, theta, CODECS);
    Fragment fragment = manifest.fragmentMap().fragment(2);
    List<WeightedContribution> first = List.of(contribution(fragment, 0, "raw32", new Random(1)));
    List<WeightedContribution> second = List.of(contribution(fragment, 1, "raw32", new Random(2)));
    files.writeChange(2, 1, step.make(fragment, 1, first, this::bytes).parts());
    files.writeState(fragment, 1, out -> step.save(fragment, out));
    step.make(fragment, 2, second, this::bytes);

    OuterParameters restored = OuterParameters.initial(manifest.schema(), 1);
    var again = new FragmentOuterStep(manifest, restored, CODECS);
    files.readState(fragment, 1, in -> again.restore(fragment, in));
    again.make(fragment, 2, second, this::bytes);
    assertThat(restored.fingerprint()).isEqualTo(theta.fingerprint());
    assertThat(files.readChange(2, 1)).hasSameSizeAs(fragment.slices());
  }

  /** With feedback all that was lost on the way down comes in the end; without it doesn't. */
  @ParameterizedTest
  @ValueSource(strings = {"int4block", "e3m0", "ecq:2b", "topk:0.1-2b"})
  void feedbackOfTheDownLinkBringsWhatWasLost(String codec) {
    double without = distanceFromTheMean(codec);
    double with = distanceFromTheMean(codec + "+ef");
    assertThat(with).as("relative distance with feedback").isLessThan(without / 4);
  }

  /** Rounds of one and the same contribution: how far θ is from where float32 would have it. */
  private double distanceFromTheMean(String down) {
    RunManifest manifest = manifest(down, "average:1");
    Fragment fragment = manifest.fragmentMap().fragment(0);
    OuterParameters theta = OuterParameters.initial(manifest.schema(), 1);
    OuterParameters start = OuterParameters.initial(manifest.schema(), 1);
    var step = new FragmentOuterStep(manifest, theta, CODECS);
    WeightedContribution one = contribution(fragment, 0, "raw32", new Random(1));
    int rounds = 200;
    for (int round = 0; round < rounds; round++) {
      step.make(fragment, 1, List.of(one), this::bytes);
    }
    double off = 0;
    double norm = 0;
    for (RunRecord.Chunk chunk : one.chunks()) {
      float[] gradient = decoded(chunk);
      for (int e = 0; e < gradient.length; e++) {
        double moved = (double) start.tensor(chunk.tensor())[e] - theta.tensor(chunk.tensor())[e];
        off += Math.pow(moved - (double) rounds * gradient[e], 2);
        norm += Math.pow((double) rounds * gradient[e], 2);
      }
    }
    return Math.sqrt(off / norm);
  }

  /** A base that is cut in pieces: each piece is stepped, kept and restored by itself. */
  @Test
  void slicesOfATensorGoTheirOwnWays(@TempDir Path folder) {
    var schema =
        new ModelSchema(
            List.of(matrix("tokens", 30, -1), matrix("layer.0", 10, 0), matrix("layer.1", 10, 1)));
    RunManifest m = manifest("e3m0+ef", "nesterov:0.7,0.9");
    var manifest =
        new RunManifest(
            m.format(),
            m.run(),
            m.seed(),
            1,
            1,
            60,
            ExchangeInterval.fixed(20),
            FragmentOrder.STRIDED,
            2,
            1,
            0.5f,
            0,
            m.outer(),
            "none",
            "raw32",
            m.codecDown(),
            schema);
    List<Fragment> fragments = manifest.fragmentMap().fragments();
    assertThat(fragments).hasSize(5);
    var files = new FragmentFiles(folder, true);
    OuterParameters theta = OuterParameters.initial(schema, 1);
    var step = new FragmentOuterStep(manifest, theta, CODECS);
    OuterParameters restored = OuterParameters.initial(schema, 1);
    var again = new FragmentOuterStep(manifest, restored, CODECS);
    for (Fragment fragment : fragments) {
      var random = new Random(fragment.index());
      var first = List.of(contribution(fragment, 0, "raw32", random));
      var second = List.of(contribution(fragment, 0, "raw32", random));
      step.make(fragment, 1, first, this::bytes);
      files.writeState(fragment, 1, out -> step.save(fragment, out));
      step.make(fragment, 2, second, this::bytes);
      files.readState(fragment, 1, in -> again.restore(fragment, in));
      again.make(fragment, 2, second, this::bytes);
      assertThat(restored.checksum(fragment)).isEqualTo(theta.checksum(fragment));
    }
    assertThat(restored.fingerprint()).isEqualTo(theta.fingerprint());
  }

  private static TensorSpec matrix(String name, int rows, int layer) {
    return new TensorSpec(
        name, List.of(rows, 5), TensorRole.MATRIX, layer, Initializer.normal(0.1f));
  }

  @Test
  void filesOfOldVersionsGoAndMisplacedOnesAreRefused(@TempDir Path folder) throws Exception {
    RunManifest manifest = manifest("raw32", "nesterov:1,0");
    var files = new FragmentFiles(folder, true);
    Fragment fragment = manifest.fragmentMap().fragment(0);
    for (int v = 1; v <= 5; v++) {
      files.writeChange(0, v, List.of());
      files.writeState(fragment, v, out -> {});
      files.dropOldChanges(0, v);
    }
    assertThat(files.newestState(0)).isEqualTo(5);
    files.dropStatesAfter(0, 4);
    assertThat(files.newestState(0)).isEqualTo(4);
    files.dropStatesBefore(0, 4);
    assertThat(folder.resolve("state-0-000003.bin")).doesNotExist();
    assertThat(files.hasChange(0, 3)).isFalse();
    assertThat(files.hasChange(0, 4)).isTrue();
    assertThat(files.hasChange(0, 5)).isTrue();
    Files.copy(folder.resolve("state-0-000004.bin"), folder.resolve("state-0-000003.bin"));
    assertThatThrownBy(() -> files.readState(fragment, 3, in -> {}))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("state-0-000003.bin");
  }
}
