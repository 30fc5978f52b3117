package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A back end against the scalar definition: the same bytes, the same floats, the same errors, bit
 * for bit. One subclass for each kernel.
 *
 * <p>A back end that can't be used here is skipped, with its reason in the report, unless the
 * system property {@code required.backends}, such as {@code SIMD,GPU}, names it: then its absence
 * fails.
 */
public abstract class KernelEqualityTest {
  private static final Set<String> REQUIRED =
      Stream.of(System.getProperty("required.backends", "").split(","))
          .map(name -> name.trim().toUpperCase(Locale.ROOT))
          .collect(Collectors.toUnmodifiableSet());
  private static final int RANDOM_VALUES = Integer.getInteger("random.values", 1 << 24);
  private static final int CHUNK = 1 << 20;

  private final CodecProvider provider;
  private final Backend backend;
  private final List<String> parameters;

  /** Random numbers whose seed a failure tells. */
  @RegisterExtension protected final SeededRandom random = new SeededRandom();

  /**
   * A test of one kernel.
   *
   * @param parameters the codec's parameters to try
   */
  protected KernelEqualityTest(CodecProvider provider, Backend backend, List<String> parameters) {
    this.provider = provider;
    this.backend = backend;
    this.parameters = parameters;
  }

  @BeforeEach
  final void skipWhereTheBackEndIsMissing() {
    String reason = provider.unusableBecause(backend);
    if (!reason.isEmpty()) {
      String what = provider.id() + ": " + backend + " kernel not tested: " + reason;
      assertThat(REQUIRED).as(what).doesNotContain(backend.name());
      System.out.println("SKIPPED " + what);
      Assumptions.abort(what);
    }
  }

  /** What the last call of the kernel ran on, if a kernel can tell; for GPU kernels alone. */
  protected void checkWhereItRan() {}

  @Test
  final void corpusIsEncodedAndDecodedAlike() {
    for (String parameter : parameters) {
      TensorCodec scalar = provider.create(Backend.SCALAR, parameter);
      TensorCodec kernel = provider.create(backend, parameter);
      TensorCorpus.all().forEach(values -> compare(scalar, kernel, values));
    }
    checkWhereItRan();
  }

  @Test
  final void randomValuesAreEncodedAndDecodedAlike() {
    TensorCodec scalar = provider.create(Backend.SCALAR, "");
    TensorCodec kernel = provider.create(backend, "");
    var values = new float[CHUNK];
    for (int done = 0; done < RANDOM_VALUES; done += CHUNK) {
      random.nextFloats(values);
      compare(scalar, kernel, values);
    }
    checkWhereItRan();
  }

  /** Encodes, decodes and accumulates with both, in the middle of arrays. */
  private void compare(TensorCodec scalar, TensorCodec kernel, float[] values) {
    String what = provider.id() + " " + backend + ", " + values.length + " values";
    int bound = scalar.maxEncodedLength(values.length);
    var expected = new byte[bound + 5];
    var actual = new byte[bound + 5];
    int length = scalar.encode(values, 0, values.length, expected, 3);
    assertThat(kernel.encode(values, 0, values.length, actual, 3)).isEqualTo(length);
    FloatBits.assertSame(what + " encoded", actual, expected);
    compareDecoding(what, scalar, kernel, expected, 3, length, values);
  }

  private static void compareDecoding(
      String what,
      TensorCodec scalar,
      TensorCodec kernel,
      byte[] bytes,
      int at,
      int length,
      float[] accumulator) {
    int count = accumulator.length;
    var expected = new float[count + 7];
    var actual = new float[count + 7];
    scalar.decode(bytes, at, length, count, expected, 1);
    kernel.decode(bytes, at, length, count, actual, 1);
    FloatBits.assertSame(what + " decoded", actual, expected);
    System.arraycopy(accumulator, 0, expected, 1, count);
    System.arraycopy(accumulator, 0, actual, 1, count);
    scalar.accumulate(bytes, at, length, count, expected, 1);
    kernel.accumulate(bytes, at, length, count, actual, 1);
    FloatBits.assertSameNumbers(what + " accumulated", actual, expected);
  }

  @Test
  final void corruptedPayloadsAreDecodedAlike() {
    for (String parameter : parameters) {
      TensorCodec scalar = provider.create(Backend.SCALAR, parameter);
      TensorCodec kernel = provider.create(backend, parameter);
      float[] values = TensorCorpus.Row.HEAVY_TAIL.values(5000);
      var bytes = new byte[scalar.maxEncodedLength(values.length)];
      int length = scalar.encode(values, 0, values.length, bytes, 0);
      for (int i = 0; i < 300; i++) {
        byte[] damaged = Arrays.copyOf(bytes, length);
        for (int flips = 0; flips < 40; flips++) {
          damaged[random.nextInt(length)] = (byte) random.nextBits();
        }
        decodeBoth(scalar, kernel, damaged, values);
      }
    }
  }

  private static void decodeBoth(
      TensorCodec scalar, TensorCodec kernel, byte[] bytes, float[] values) {
    try {
      scalar.decode(bytes, 0, bytes.length, values.length, new float[values.length], 0);
    } catch (TributaryException expected) {
      assertThatThrownBy(
              () -> kernel.decode(bytes, 0, bytes.length, values.length, values.clone(), 0))
          .isInstanceOf(TributaryException.class)
          .hasMessage(expected.getMessage());
      return;
    }
    compareDecoding("damaged payload", scalar, kernel, bytes, 0, bytes.length, values);
  }

  @Test
  final void nonFiniteValuesEndAlike() {
    for (String parameter : parameters) {
      TensorCodec scalar = provider.create(Backend.SCALAR, parameter);
      TensorCodec kernel = provider.create(backend, parameter);
      for (float bad : List.of(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)) {
        for (int at : List.of(0, 63, 64, 4095, 4096, 4999)) {
          float[] values = TensorCorpus.Row.GAUSSIAN.values(5000);
          values[at] = bad;
          values[4999] = bad;
          assertThat(outcome(kernel, values)).isEqualTo(outcome(scalar, values));
        }
      }
    }
  }

  private static String outcome(TensorCodec codec, float[] values) {
    var bytes = new byte[codec.maxEncodedLength(values.length)];
    try {
      int length = codec.encode(values, 0, values.length, bytes, 0);
      return java.util.HexFormat.of().formatHex(bytes, 0, length);
    } catch (TributaryException e) {
      return e.code() + " " + e.getMessage();
    }
  }
}
