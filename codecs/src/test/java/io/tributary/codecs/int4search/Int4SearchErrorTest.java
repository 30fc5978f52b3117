package io.tributary.codecs.int4search;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Backend;
import io.tributary.codec.TensorCodec;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class Int4SearchErrorTest {
  private static final int VALUES = 1 << 20;
  private static final long SEED = 42;

  @Test
  void errorIsAsDocumented() {
    assertThat(error(Random::nextGaussian, 1)).isBetween(0.065, 0.066);
    assertThat(error(Int4SearchErrorTest::laplace, 20)).isBetween(0.0725, 0.0745);
    assertThat(error(Int4SearchErrorTest::student, 20)).isBetween(0.073, 0.0755);
  }

  private static double laplace(Random random) {
    double u = random.nextDouble() - 0.5;
    return -Math.signum(u) * StrictMath.log(1 - 2 * Math.abs(u)) / Math.sqrt(2);
  }

  private static double student(Random random) {
    double numerator = random.nextGaussian();
    double squares = 0;
    for (int i = 0; i < 4; i++) {
      double x = random.nextGaussian();
      squares += x * x;
    }
    return numerator / Math.sqrt(squares / 4);
  }

  /** Relative error, with one of 1024 values multiplied. */
  private static double error(ToDoubleFunction<Random> source, int factor) {
    var random = new Random(SEED);
    var values = new float[VALUES];
    for (int i = 0; i < VALUES; i++) {
      values[i] = (float) (source.applyAsDouble(random) * (i % 1024 == 517 ? factor : 1));
    }
    TensorCodec codec = new Int4SearchProvider().create(Backend.SCALAR, "");
    var bytes = new byte[codec.maxEncodedLength(VALUES)];
    int length = codec.encode(values, 0, VALUES, bytes, 0);
    var decoded = new float[VALUES];
    codec.decode(bytes, 0, length, VALUES, decoded, 0);
    double error = 0;
    double energy = 0;
    for (int i = 0; i < VALUES; i++) {
      error += Math.pow((double) values[i] - decoded[i], 2);
      energy += (double) values[i] * values[i];
    }
    System.out.printf("int4search: relative error %.5f%n", Math.sqrt(error / energy));
    return Math.sqrt(error / energy);
  }
}
