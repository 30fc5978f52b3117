package io.tributary.codecs.directions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedCodecs;
import io.tributary.codec.LearnedPeer;
import io.tributary.codec.RowKind;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.sketch.SketchResult;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectionsCodecTest {
  private static final int CHANNELS = 128;
  private static final int ROWS = 512;
  private static final LearnedCodecs CODECS = LearnedCodecs.load(CodecRegistry.load());

  /** Rows of noise of length 1 a channel, and {@code count} directions that are much longer. */
  private static float[] rows(int count, double strength, long seed) {
    var random = new Random(seed);
    var basis = new double[count][CHANNELS];
    for (double[] direction : basis) {
      for (int c = 0; c < CHANNELS; c++) {
        direction[c] = random.nextGaussian() / Math.sqrt(CHANNELS);
      }
    }
    var values = new float[ROWS * CHANNELS];
    for (int row = 0; row < ROWS; row++) {
      for (double[] direction : basis) {
        double part = strength * random.nextGaussian();
        for (int c = 0; c < CHANNELS; c++) {
          values[row * CHANNELS + c] += (float) (part * direction[c]);
        }
      }
      for (int c = 0; c < CHANNELS; c++) {
        values[row * CHANNELS + c] += (float) random.nextGaussian();
      }
    }
    return values;
  }

  private static CutPlan plan(double bits) {
    return new CutPlan(CHANNELS, ROWS, bits, bits, 100, 7);
  }

  /** What came of a message. */
  private record Sent(int bytes, double error) {}

  private static Sent send(String codec, double bits, float[] values) {
    CutPlan plan = plan(bits);
    LearnedCodec owner = CODECS.open(codec, plan);
    LearnedPeer peer = CODECS.openPeer(codec, plan);
    CutRows rows = CutRows.ordinary(0, ROWS);
    var bytes = new byte[owner.maxEncodedLength(ROWS)];
    int length = owner.encode(rows, values, 0, bytes, 0);
    var received = new float[values.length];
    assertThat(peer.decode(bytes, 0, length, received, 0).sameAs(rows)).isTrue();
    double off = 0;
    for (int i = 0; i < values.length; i++) {
      off += Math.pow((double) values[i] - received[i], 2);
    }
    return new Sent(length, Math.sqrt(off / values.length));
  }

  @ParameterizedTest
  @CsvSource({"1, 40, 3", "2, 40, 3", "4, 60, 4", "1, 60, 2"})
  void outlierDirectionsSaveBytesAtTheSameError(int count, double strength, double bits) {
    for (long seed = 1; seed <= 3; seed++) {
      float[] values = rows(count, strength, seed);
      Sent without = send("directions:0", bits, values);
      Sent with = send("directions", bits, values);
      assertThat(with.error()).isLessThan(1.01 * without.error());
      assertThat(with.bytes()).as("seed %d", seed).isLessThan((int) (0.85 * without.bytes()));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 2, 8})
  void theyAreNotUsedWhereTheyLose(double strength) {
    for (long seed = 1; seed <= 3; seed++) {
      float[] values = rows(3, strength, seed);
      for (double bits : new double[] {1.5, 3, 5}) {
        Sent without = send("directions:0", bits, values);
        Sent with = send("directions", bits, values);
        assertThat(with.bytes()).as("seed %d", seed).isLessThanOrEqualTo(without.bytes());
        assertThat(with.error()).isLessThan(1.01 * without.error());
      }
    }
  }

  @Test
  void aFlatSpectrumHasNoneToTry() {
    var codec = new DirectionsCodec(CodecRegistry.load(), plan(3), 4);
    var bytes = new byte[codec.maxEncodedLength(ROWS)];
    var unused = codec.encode(CutRows.ordinary(0, ROWS), rows(0, 0, 1), 0, bytes, 0);
    assertThat(codec.count()).isZero();
    var other = new DirectionsCodec(CodecRegistry.load(), plan(3), 4);
    unused = other.encode(CutRows.ordinary(0, ROWS), rows(2, 60, 1), 0, bytes, 0);
    assertThat(other.count()).isEqualTo(2);
  }

  @Test
  void theGapDecides() {
    // Behind the third and fourth there is no gap; one costs 8 / 64 and 16 / 512 bits a value.
    assertThat(DirectionChoice.best(seen(100, 50, 20, 6, 5, 5), 64, 512, 4)).isEqualTo(2);
    assertThat(DirectionChoice.best(seen(100, 50, 20, 6, 5, 5), 64, 512, 1)).isEqualTo(1);
    assertThat(DirectionChoice.best(seen(100, 18, 10), 64, 512, 4)).isZero();
    assertThat(DirectionChoice.best(seen(100, 90), 4, 512, 4)).as("too few channels").isZero();
    assertThat(DirectionChoice.best(seen(100, 90), 64, 4, 4)).as("too few rows").isZero();
    assertThat(DirectionChoice.best(seen(100), 64, 512, 4)).isZero();
    assertThat(DirectionChoice.best(seen(100, 101), 64, 512, 4)).as("an estimate").isEqualTo(1);
  }

  private static SketchResult seen(double energy, double... eigenvalues) {
    List<SketchResult.Direction> directions =
        Arrays.stream(eigenvalues)
            .mapToObj(value -> new SketchResult.Direction(value, new double[64]))
            .toList();
    return new SketchResult(
        SketchResult.Verdict.ESTIMATE, 512, 0, energy, directions, 0, false, 0, List.of());
  }

  @Test
  void rowsBeyondTheEndAreNotSent() {
    float[] values = rows(1, 60, 5);
    var kinds = new byte[ROWS];
    Arrays.fill(kinds, ROWS / 2, ROWS, (byte) RowKind.PADDING.number());
    CutRows rows = CutRows.ordinary(0, ROWS).withKinds(kinds);
    LearnedCodec owner = CODECS.open("directions", plan(3));
    LearnedPeer peer = CODECS.openPeer("directions", plan(3));
    var bytes = new byte[owner.maxEncodedLength(ROWS)];
    int length = owner.encode(rows, values, 0, bytes, 0);
    assertThat(length).isLessThan(send("directions", 3, values).bytes() * 3 / 5);
    var received = new float[values.length];
    Arrays.fill(received, 1);
    assertThat(peer.decode(bytes, 0, length, received, 0).kind(ROWS - 1))
        .isEqualTo(RowKind.PADDING.number());
    assertThat(received[values.length - 1]).isZero();
    assertThat(received[0]).isNotZero();
  }

  @Test
  void messagesWithoutRowsAndZerosPass() {
    LearnedCodec owner = CODECS.open("directions", plan(3));
    LearnedPeer peer = CODECS.openPeer("directions", plan(3));
    var bytes = new byte[owner.maxEncodedLength(ROWS)];
    var received = new float[ROWS * CHANNELS];
    int length = owner.encode(CutRows.ordinary(0, 0), received, 0, bytes, 0);
    assertThat(peer.decode(bytes, 0, length, received, 0).count()).isZero();
    length = owner.encode(CutRows.ordinary(1, ROWS), received, 0, bytes, 0);
    assertThat(peer.decode(bytes, 0, length, received, 0).count()).isEqualTo(ROWS);
    assertThat(received).containsOnly(0f);
  }

  @Test
  void everyTruncationIsCorrupt() {
    LearnedCodec owner = CODECS.open("directions", plan(3));
    LearnedPeer peer = CODECS.openPeer("directions", plan(3));
    var bytes = new byte[owner.maxEncodedLength(ROWS)];
    int length = owner.encode(CutRows.ordinary(0, ROWS), rows(1, 60, 6), 0, bytes, 0);
    var received = new float[ROWS * CHANNELS];
    for (int cut = 0; cut < length; cut += cut < 3000 ? 1 : 97) {
      int now = cut;
      assertThatThrownBy(() -> peer.decode(bytes, 0, now, received, 0))
          .isInstanceOfSatisfying(
              TributaryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_PAYLOAD));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "-1", "many", "2-3"})
  void otherParametersAreRefused(String parameter) {
    assertThatThrownBy(() -> CODECS.open("directions:" + parameter, plan(3)))
        .hasMessageContaining("parameter of directions: expected 0 to 4, found '" + parameter);
  }
}
