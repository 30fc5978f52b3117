package io.tributary.bench.codecs;

import com.sun.management.ThreadMXBean;
import io.tributary.codec.TensorCodec;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One turn encodes, decodes, decodes and adds, and copies a window of values, each timed by itself:
 * so a codec and the copy that it is compared with share a JVM and the moment.
 *
 * <p>Values go through the codec in chunks, with headers, as they go through the product. Where
 * there are several windows, the four operations of a turn take windows that lie apart, so that
 * none finds in a cache what another has left there.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
  /** Values that the product encodes together. */
  static final int CHUNK = 1 << 16;

  /** Values that are made; more are copies of them. */
  private static final int MADE = 1 << 20;

  /** What is measured. */
  @Param("raw32")
  public String codec = "";

  /** The kind of values. */
  @Param("N")
  public String set = "";

  /** Values of a turn. */
  @Param("1048576")
  public int window;

  /** Windows in memory. */
  @Param("1")
  public int windows;

  /** The seed of the values. */
  @Param("1")
  public long seed;

  @SuppressWarnings("NullAway.Init") // by prepare()
  private TensorCodec coder;

  private float[] source = new float[0];
  private float[] target = new float[0];
  private byte[] bytes = new byte[0];
  private int[] lengths = new int[0];
  private int stride;
  private int turn;
  private final ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What the turns of an iteration took, nanoseconds and bytes. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Spent {
    /** Nanoseconds of encoding. */
    public long encode;

    /** Nanoseconds of decoding. */
    public long decode;

    /** Nanoseconds of decoding and adding. */
    public long accumulate;

    /** Nanoseconds of copying. */
    public long copy;

    /** Bytes that the thread allocated. */
    public long allocated;

    /** Turns. */
    public long turns;
  }

  /** Makes the values, and encodes all of them once. */
  @Setup
  public void prepare() {
    int values = Math.multiplyExact(window, windows);
    source = new float[values];
    target = new float[values];
    var made = new float[Math.min(MADE, values)];
    ValueSet.valueOf(set).fill(made, seed);
    for (int i = 0; i < values; i += made.length) {
      System.arraycopy(made, 0, source, i, Math.min(made.length, values - i));
    }
    coder = BenchedCodecs.create(codec, made);
    int chunk = Math.min(CHUNK, window);
    stride = coder.maxEncodedLength(chunk);
    bytes = new byte[Math.multiplyExact(stride, (values + chunk - 1) / chunk)];
    lengths = new int[(values + chunk - 1) / chunk];
    for (int i = 0; i < windows; i++) {
      encode(i);
    }
  }

  /** One turn. */
  @Benchmark
  public void turn(Spent spent) {
    int encoded = turn++ % windows;
    int decoded = (encoded + windows / 4) % windows;
    int added = (encoded + windows / 2) % windows;
    int copied = (encoded + windows * 3 / 4) % windows;
    long allocated = memory.getCurrentThreadAllocatedBytes();
    long t0 = System.nanoTime();
    encode(encoded);
    long t1 = System.nanoTime();
    decode(decoded);
    long t2 = System.nanoTime();
    accumulate(added);
    long t3 = System.nanoTime();
    System.arraycopy(source, copied * window, target, copied * window, window);
    long t4 = System.nanoTime();
    spent.encode += t1 - t0;
    spent.decode += t2 - t1;
    spent.accumulate += t3 - t2;
    spent.copy += t4 - t3;
    spent.allocated += memory.getCurrentThreadAllocatedBytes() - allocated;
    spent.turns++;
  }

  private void encode(int number) {
    int end = (number + 1) * window;
    for (int i = number * window; i < end; i += CHUNK) {
      int chunk = i / CHUNK;
      lengths[chunk] = coder.encode(source, i, Math.min(CHUNK, end - i), bytes, stride * chunk);
    }
  }

  private void decode(int number) {
    int end = (number + 1) * window;
    for (int i = number * window; i < end; i += CHUNK) {
      int chunk = i / CHUNK;
      coder.decode(bytes, stride * chunk, lengths[chunk], Math.min(CHUNK, end - i), target, i);
    }
  }

  private void accumulate(int number) {
    int end = (number + 1) * window;
    for (int i = number * window; i < end; i += CHUNK) {
      int chunk = i / CHUNK;
      coder.accumulate(bytes, stride * chunk, lengths[chunk], Math.min(CHUNK, end - i), target, i);
    }
  }

  /** The bits of a value and the relative error (L2) of a window, measured by one pass. */
  static double[] bitsAndError(String codec, ValueSet set, int window, long seed) {
    var benchmark = new CodecBenchmark();
    benchmark.codec = codec;
    benchmark.set = set.name();
    benchmark.window = window;
    benchmark.windows = 1;
    benchmark.seed = seed;
    benchmark.prepare();
    benchmark.decode(0);
    double signal = 0;
    double noise = 0;
    for (int i = 0; i < window; i++) {
      double x = benchmark.source[i];
      double error = x - benchmark.target[i];
      signal += x * x;
      noise += error * error;
    }
    double bits = 8.0 * Arrays.stream(benchmark.lengths).asLongStream().sum() / window;
    return new double[] {bits, Math.sqrt(noise / signal)};
  }
}
