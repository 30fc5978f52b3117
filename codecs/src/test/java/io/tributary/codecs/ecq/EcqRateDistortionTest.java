package io.tributary.codecs.ecq;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Backend;
import io.tributary.codec.TensorCodec;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Measures and prints the table of {@code docs/studies/ecq.md}: bits, relative error, distance to
 * Shannon's bound, and the median speeds of a chunk, in GB/s. {@code -Decq.values=16777216
 * -Decq.backend=SIMD} prints what the page says.
 */
class EcqRateDistortionTest {
  private static final int VALUES = Integer.getInteger("ecq.values", 1 << 20);
  private static final Backend BACKEND =
      Backend.valueOf(System.getProperty("ecq.backend", Backend.SCALAR.name()));
  private static final int CHUNK = 65_536;
  private static final int CHANNELS = 4096;
  private static final long SEED = 42;

  /** The sets; in all but the first, 4 of 4096 channels are 20 times as large. */
  private enum Source {
    NORMAL(0, new double[] {0.5, 0.95, 1.41}, 1.64, 1.64, 1.65, 1.7),
    LAPLACE(2.03, new double[] {0.52, 0.63, 0.9}, 1.51, 1.69, 1.76, 1.84),
    STUDENT_T4(2.13, new double[] {0.24, 0.47, 0.93}, 1.63, 1.67, 1.69, 1.79);

    /** What the bound of 6.02 dB a bit gains on this set, in dB. */
    private final double gain;

    private final double[] belowOneBit;
    private final double[] above;

    Source(double gain, double[] belowOneBit, double... above) {
      this.gain = gain;
      this.belowOneBit = belowOneBit;
      this.above = above;
    }

    private float[] draw() {
      var random = new Random(SEED);
      var values = new float[VALUES];
      for (int i = 0; i < values.length; i++) {
        double value = drawOne(random);
        boolean large = this != NORMAL && i % CHANNELS % 1024 == 517;
        values[i] = (float) (large ? 20 * value : value);
      }
      return values;
    }

    private double drawOne(Random random) {
      switch (this) {
        case NORMAL:
          return random.nextGaussian();
        case LAPLACE:
          double u = random.nextDouble() - 0.5;
          return -Math.signum(u) * StrictMath.log(1 - 2 * Math.abs(u)) / Math.sqrt(2);
        default:
          double numerator = random.nextGaussian();
          double squares = 0;
          for (int i = 0; i < 4; i++) {
            double x = random.nextGaussian();
            squares += x * x;
          }
          return numerator / Math.sqrt(squares / 4);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void gapToShannonsBoundIsAsDocumented(Source set) {
    float[] values = set.draw();
    var rates = new double[] {0.25, 0.5, 0.9, 2, 3, 4, 6};
    double[] allowed =
        DoubleStream.concat(DoubleStream.of(set.belowOneBit), DoubleStream.of(set.above)).toArray();
    for (int i = 0; i < rates.length; i++) {
      double gap = gap(set, values, rates[i]);
      assertThat(gap).as("%s at %s bits", set, rates[i]).isLessThan(allowed[i] + 0.03);
    }
  }

  private static double gap(Source set, float[] values, double rate) {
    TensorCodec codec = new EcqProvider().create(BACKEND, rate + "b");
    var bytes = new byte[codec.maxEncodedLength(CHUNK)];
    var decoded = new float[CHUNK];
    var encoding = new long[values.length / CHUNK];
    var decoding = encoding.clone();
    long length = 0;
    double error = 0;
    double energy = 0;
    for (int from = 0; from < values.length; from += CHUNK) {
      long began = System.nanoTime();
      int now = codec.encode(values, from, CHUNK, bytes, 0);
      long encoded = System.nanoTime();
      codec.decode(bytes, 0, now, CHUNK, decoded, 0);
      decoding[from / CHUNK] = System.nanoTime() - encoded;
      encoding[from / CHUNK] = encoded - began;
      length += now;
      for (int i = 0; i < CHUNK; i++) {
        double off = (double) values[from + i] - decoded[i];
        error += off * off;
        energy += (double) values[from + i] * values[from + i];
      }
    }
    double bits = 8.0 * length / values.length;
    double gap = 20 * Math.log10(2) * bits + set.gain + 10 * Math.log10(error / energy);
    System.out.printf(
        Locale.ROOT,
        "| %-10s | %4.2f | %.4f | %.5f | %.2f | %.2f | %.2f |%n",
        set,
        rate,
        bits,
        Math.sqrt(error / energy),
        gap,
        speed(encoding),
        speed(decoding));
    return gap;
  }

  private static double speed(long[] nanoseconds) {
    Arrays.sort(nanoseconds);
    return (double) Float.BYTES * CHUNK / nanoseconds[nanoseconds.length / 2];
  }
}
