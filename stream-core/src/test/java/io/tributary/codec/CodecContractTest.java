package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What every codec promises. A codec's contract test extends this class and tells its provider, its
 * parameters, its error and what it does with NaN; nothing here may be left out.
 */
public abstract class CodecContractTest {
  private static final int MARGIN = 13;
  private static final byte SENTINEL = 0x5A;
  private static final float FILLER = -77.25f;

  /** Random numbers whose seed a failure tells. */
  @RegisterExtension protected final SeededRandom random = new SeededRandom();

  /** The codec under test. */
  protected abstract CodecProvider provider();

  /** Its parameters, the empty one first. */
  protected abstract List<String> parameters();

  /**
   * The largest difference that decoding may leave.
   *
   * @param value what was encoded
   * @param largest the largest magnitude of its block
   */
  protected abstract double allowedError(float value, float largest);

  /** Whether encoding throws at NaN and infinity; if not, both come back. */
  protected abstract boolean refusesNonFinite();

  private TensorCodec codec(String parameter) {
    return provider().create(Backend.SCALAR, parameter);
  }

  private static byte[] encode(TensorCodec codec, float[] values) {
    var target = new byte[codec.maxEncodedLength(values.length)];
    int length = codec.encode(values, 0, values.length, target, 0);
    return Arrays.copyOf(target, length);
  }

  private static float[] decode(TensorCodec codec, byte[] bytes, int count, float fill) {
    var decoded = new float[count];
    Arrays.fill(decoded, fill);
    codec.decode(bytes, 0, bytes.length, count, decoded, 0);
    return decoded;
  }

  private void forAllCodecs(java.util.function.Consumer<TensorCodec> check) {
    for (String parameter : parameters()) {
      check.accept(codec(parameter));
    }
  }

  @Test
  void codecIsKnownAsItsProviderSays() {
    CodecProvider provider = provider();
    assertThat(provider.backends()).contains(Backend.SCALAR);
    assertThat(provider.unusableBecause(Backend.SCALAR)).isEmpty();
    assertThat(provider.description()).isNotBlank().doesNotContain("\n");
    assertThat(provider.id().number()).isBetween(1, 0xFF);
    forAllCodecs(
        codec -> {
          assertThat(codec.id()).isEqualTo(provider.id());
          assertThat(codec.blockElements()).isPositive();
        });
  }

  @Test
  void unknownParameterIsRefused() {
    assertThatThrownBy(() -> codec("nonsense"))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTING))
        .hasMessageContaining("nonsense")
        .hasMessageContaining(provider().id().name());
  }

  @Test
  void lengthStaysWithinItsBound() {
    forAllCodecs(
        codec ->
            TensorCorpus.all()
                .forEach(
                    values -> {
                      int bound = codec.maxEncodedLength(values.length);
                      assertThat(encode(codec, values).length).isLessThanOrEqualTo(bound);
                      assertThat(bound)
                          .isGreaterThanOrEqualTo(
                              codec.maxEncodedLength(Math.max(0, values.length - 1)));
                    }));
  }

  @Test
  void errorStaysWithinItsBound() {
    forAllCodecs(codec -> TensorCorpus.all().forEach(values -> checkError(codec, values)));
  }

  @Test
  void errorOfRandomValuesStaysWithinItsBound() {
    var values = new float[1 << 16];
    random.nextFloats(values);
    forAllCodecs(codec -> checkError(codec, values));
  }

  private void checkError(TensorCodec codec, float[] values) {
    float[] decoded = decode(codec, encode(codec, values), values.length, FILLER);
    int block = codec.blockElements();
    for (int from = 0; from < values.length; from += block) {
      int to = Math.min(values.length, from + block);
      float largest = 0;
      for (int i = from; i < to; i++) {
        largest = Math.max(largest, Math.abs(values[i]));
      }
      for (int i = from; i < to; i++) {
        double error = Math.abs((double) values[i] - decoded[i]);
        if (!(error <= allowedError(values[i], largest))) {
          throw new AssertionError(
              String.format(
                  "%s, block %d, element %d of %d: %s became %s, off by %s, allowed %s",
                  codec.id(),
                  block,
                  i,
                  values.length,
                  values[i],
                  decoded[i],
                  error,
                  allowedError(values[i], largest)));
        }
      }
    }
  }

  /** What is said of bytes that weren't decoded is so, whatever they are and whoever says it. */
  @Test
  void whatIsProvenFiniteIsFinite() {
    for (String parameter : parameters()) {
      TensorCodec codec = codec(parameter);
      TensorCodec fast = fastest(parameter);
      TensorCorpus.all()
          .forEach(
              values -> {
                byte[] bytes = encode(codec, values);
                checkProof(codec, fast, bytes, values.length);
                for (int i = 0; i < 20 && bytes.length > 0; i++) {
                  bytes[random.nextInt(bytes.length)] = (byte) random.nextBits();
                  checkProof(codec, fast, bytes, values.length);
                }
              });
    }
  }

  private TensorCodec fastest(String parameter) {
    boolean simd =
        provider().backends().contains(Backend.SIMD)
            && provider().unusableBecause(Backend.SIMD).isEmpty();
    return provider().create(simd ? Backend.SIMD : Backend.SCALAR, parameter);
  }

  private static void checkProof(TensorCodec codec, TensorCodec fast, byte[] bytes, int count) {
    boolean proven;
    try {
      proven = codec.provesFinite(bytes, 0, bytes.length, count);
    } catch (TributaryException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_PAYLOAD);
      assertThatThrownBy(() -> decode(codec, bytes, count, FILLER))
          .isInstanceOf(TributaryException.class);
      return;
    }
    assertThat(fast.provesFinite(bytes, 0, bytes.length, count)).isEqualTo(proven);
    if (proven) {
      boolean finite = true;
      for (float value : decode(codec, bytes, count, FILLER)) {
        finite &= Float.isFinite(value);
      }
      assertThat(finite).as("%s of %d values", codec.id(), count).isTrue();
    }
  }

  @Test
  void nothingOutsideTheRangesIsTouched() {
    forAllCodecs(
        codec -> {
          for (int size : TensorCorpus.SIZES) {
            float[] values = TensorCorpus.Row.GAUSSIAN.values(size);
            var source = new float[size + 2 * MARGIN];
            Arrays.fill(source, Float.NaN);
            System.arraycopy(values, 0, source, MARGIN, size);
            var bytes = new byte[codec.maxEncodedLength(size) + 2 * MARGIN];
            Arrays.fill(bytes, SENTINEL);
            int length = codec.encode(source, MARGIN, size, bytes, MARGIN);
            byte[] payload = Arrays.copyOfRange(bytes, MARGIN, MARGIN + length);
            assertThat(payload).isEqualTo(encode(codec, values));
            assertThat(bytes).startsWith(filled(MARGIN)).endsWith(filled(MARGIN));

            var target = new float[size + 2 * MARGIN];
            Arrays.fill(target, FILLER);
            codec.decode(bytes, MARGIN, length, size, target, MARGIN);
            checkMargins(target, size);
            codec.accumulate(bytes, MARGIN, length, size, target, MARGIN);
            checkMargins(target, size);
          }
        });
  }

  private static byte[] filled(int length) {
    var bytes = new byte[length];
    Arrays.fill(bytes, SENTINEL);
    return bytes;
  }

  private static void checkMargins(float[] target, int size) {
    for (int i = 0; i < MARGIN; i++) {
      assertThat(target[i]).isEqualTo(FILLER);
      assertThat(target[MARGIN + size + i]).isEqualTo(FILLER);
    }
  }

  @Test
  void rangesAreChecked() {
    TensorCodec codec = codec("");
    var values = new float[100];
    var bytes = new byte[codec.maxEncodedLength(100)];
    int length = codec.encode(values, 0, 100, bytes, 0);
    refused(() -> codec.encode(values, -1, 100, bytes, 0));
    refused(() -> codec.encode(values, 1, 100, bytes, 0));
    refused(() -> codec.encode(values, 0, -1, bytes, 0));
    refused(() -> codec.encode(values, 0, 100, bytes, 1));
    refused(() -> codec.encode(values, 0, 100, bytes, -1));
    refused(() -> codec.encode(values, 0, 100, new byte[length - 1], 0));
    // Cut to its length: a codec may need fewer bytes than its bound says.
    byte[] payload = Arrays.copyOf(bytes, length);
    refused(() -> codec.decode(payload, 1, length, 100, values, 0));
    refused(() -> codec.decode(payload, -1, length, 100, values, 0));
    refused(() -> codec.decode(payload, 0, length, 100, values, 1));
    refused(() -> codec.decode(payload, 0, length, 100, values, -1));
    refused(() -> codec.decode(payload, 0, length, -1, values, 0));
    refused(() -> codec.accumulate(payload, 1, length, 100, values, 0));
    refused(() -> codec.accumulate(payload, 0, length, 100, values, 1));
  }

  private static void refused(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfAny(IndexOutOfBoundsException.class, IllegalArgumentException.class);
  }

  @Test
  void everyTruncationIsCorrupt() {
    forAllCodecs(
        codec -> {
          for (int size : List.of(1, 3, 64, 65, 300)) {
            byte[] bytes = encode(codec, TensorCorpus.Row.GAUSSIAN.values(size));
            for (int length = 0; length < bytes.length; length++) {
              assertCorrupt(codec, bytes, length, size);
            }
            assertCorrupt(codec, Arrays.copyOf(bytes, bytes.length + 1), bytes.length + 1, size);
          }
        });
  }

  private static void assertCorrupt(TensorCodec codec, byte[] bytes, int length, int size) {
    var target = new float[size];
    Arrays.fill(target, FILLER);
    assertThatThrownBy(() -> codec.decode(bytes, 0, length, size, target, 0))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_PAYLOAD))
        .hasMessageContaining("byte ")
        .hasMessageContaining("expected");
    // Decoding may have begun to write; a sum must not be touched.
    Arrays.fill(target, FILLER);
    assertThatThrownBy(() -> codec.accumulate(bytes, 0, length, size, target, 0))
        .isInstanceOf(TributaryException.class);
    assertThat(target).as("an accumulator that was not touched").containsOnly(FILLER);
  }

  @Test
  void flippedBitsAreDecodedOrCorrupt() {
    forAllCodecs(
        codec -> {
          for (int size : List.of(1, 67, 300)) {
            byte[] bytes = encode(codec, TensorCorpus.Row.GAUSSIAN.values(size));
            for (int bit = 0; bit < Byte.SIZE * bytes.length; bit++) {
              bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
              decodeTwiceOrCorrupt(codec, bytes, size);
              bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            }
          }
        });
  }

  /** Decodes anything: the result depends on the bytes alone, or the bytes are corrupt. */
  public static void decodeTwiceOrCorrupt(TensorCodec codec, byte[] bytes, int count) {
    float[] once;
    try {
      once = decode(codec, bytes, count, FILLER);
    } catch (TributaryException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_PAYLOAD);
      return;
    }
    FloatBits.assertSame("decoded again", decode(codec, bytes, count, Float.NaN), once);
  }

  @Test
  void decodingDependsOnNothingButTheBytes() {
    forAllCodecs(
        codec ->
            TensorCorpus.all()
                .forEach(
                    values -> decodeTwiceOrCorrupt(codec, encode(codec, values), values.length)));
  }

  @Test
  void noCallLeavesATraceInTheNext() {
    forAllCodecs(
        codec -> {
          float[] values = TensorCorpus.Row.GAUSSIAN.values(1021);
          byte[] first = encode(codec, values);
          encode(codec, TensorCorpus.Row.LARGEST_FLOATS.values(1020));
          decode(codec, encode(codec, TensorCorpus.Row.RAMP.values(77)), 77, FILLER);
          assertThat(encode(codec, values)).isEqualTo(first);
        });
  }

  @Test
  void accumulatingIsDecodingAndAdding() {
    forAllCodecs(
        codec ->
            TensorCorpus.all()
                .forEach(
                    values -> {
                      byte[] bytes = encode(codec, values);
                      float[] expected = TensorCorpus.Row.HEAVY_TAIL.values(values.length);
                      float[] actual = expected.clone();
                      float[] decoded = decode(codec, bytes, values.length, FILLER);
                      for (int i = 0; i < expected.length; i++) {
                        expected[i] += decoded[i];
                      }
                      codec.accumulate(bytes, 0, bytes.length, actual.length, actual, 0);
                      FloatBits.assertSame("sum", actual, expected);
                    }));
  }

  @Test
  void nonFiniteValuesAreRefusedOrComeBack() {
    for (float bad : List.of(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)) {
      for (int at : List.of(0, 63, 64, 299)) {
        forAllCodecs(
            codec -> {
              float[] values = TensorCorpus.Row.GAUSSIAN.values(300);
              values[at] = bad;
              if (refusesNonFinite()) {
                assertThatThrownBy(() -> encode(codec, values))
                    .isInstanceOfSatisfying(
                        TributaryException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NON_FINITE))
                    .hasMessageContaining("element " + at + " of 300");
              } else {
                float back = decode(codec, encode(codec, values), 300, FILLER)[at];
                assertThat(Float.compare(back, bad)).isZero();
              }
            });
      }
    }
  }

  @Test
  void threadsShareAnInstance() throws Exception {
    TensorCodec codec = codec("");
    float[] values = TensorCorpus.Row.GAUSSIAN.values(4098);
    byte[] expected = encode(codec, values);
    Callable<Boolean> work =
        () -> {
          boolean same = true;
          for (int i = 0; i < 50; i++) {
            same &= Arrays.equals(encode(codec, values), expected);
          }
          return same;
        };
    var threads = Executors.newFixedThreadPool(3);
    try {
      for (var result : threads.invokeAll(List.of(work, work, work))) {
        assertThat(result.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void nothingIsAllocatedInSteadyState() {
    forAllCodecs(
        codec -> {
          float[] values = TensorCorpus.Row.GAUSSIAN.values(1021);
          var bytes = new byte[codec.maxEncodedLength(values.length)];
          for (int i = 0; i < 20; i++) {
            run(codec, values, bytes);
          }
          var threads =
              (com.sun.management.ThreadMXBean)
                  java.lang.management.ManagementFactory.getThreadMXBean();
          long thread = Thread.currentThread().getId();
          long before = threads.getThreadAllocatedBytes(thread);
          for (int i = 0; i < 100; i++) {
            run(codec, values, bytes);
          }
          long perCall = (threads.getThreadAllocatedBytes(thread) - before) / 100;
          assertThat(perCall).as("bytes allocated for a chunk").isLessThan(16);
        });
  }

  private static void run(TensorCodec codec, float[] values, byte[] bytes) {
    int length = codec.encode(values, 0, values.length, bytes, 0);
    codec.decode(bytes, 0, length, values.length, values, 0);
    codec.accumulate(bytes, 0, length, values.length, values, 0);
    Arrays.fill(values, 0.5f);
  }

  @Test
  void goldenFilesAreReadAndWrittenAlike() {
    for (String parameter : parameters()) {
      TensorCodec codec = codec(parameter);
      if (GoldenCase.writing()) {
        GoldenCase.write(getClass(), codec, parameter);
        continue;
      }
      for (int version = codec.id().oldest(); version <= codec.id().version(); version++) {
        for (GoldenCase golden : GoldenCase.read(getClass(), codec.id(), version, parameter)) {
          if (version == codec.id().version()) {
            FloatBits.assertSame(golden.name(), encode(codec, golden.source()), golden.bytes());
          }
          float[] decoded = decode(codec, golden.bytes(), golden.decoded().length, FILLER);
          FloatBits.assertSame(golden.name(), decoded, golden.decoded());
        }
      }
    }
  }
}
