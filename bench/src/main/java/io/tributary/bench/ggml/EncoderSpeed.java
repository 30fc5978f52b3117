package io.tributary.bench.ggml;

import io.tributary.file.gguf.GgmlType;
import io.tributary.weights.ggml.BlockEncoder;
import io.tributary.weights.pack.GgmlLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntConsumer;

/** Times encoders in turn with ggml's. For one thread. */
final class EncoderSpeed {
  /** Values that a call encodes: those of a block of a file, about, so that caches hold them. */
  static final int VALUES = 1 << 16;

  private static final float DEVIATION = 0.02f;

  private final GgmlLibrary ggml;
  private final float[] values = new float[VALUES];
  private final int rounds;
  private final double roundSeconds;

  /**
   * Draws normal values.
   *
   * @param rounds timed ones of each encoder
   * @param roundSeconds what each takes, about
   */
  EncoderSpeed(GgmlLibrary ggml, long seed, int rounds, double roundSeconds) {
    this.ggml = ggml;
    this.rounds = rounds;
    this.roundSeconds = roundSeconds;
    var random = new Random(seed);
    for (int i = 0; i < VALUES; i++) {
      values[i] = DEVIATION * (float) random.nextGaussian();
    }
  }

  /** Times a type; as long as all timed rounds take, ours runs untimed first. */
  EncoderRow run(GgmlType type) {
    BlockEncoder encoder = BlockEncoder.of(type);
    try (GgmlLibrary.Buffers theirs = ggml.new Buffers(values, null)) {
      IntConsumer ours = i -> encoder.encode(values, 0, VALUES, null);
      var ourRounds = new double[rounds];
      var theirRounds = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        ourRounds[i] = speed(ours);
      }
      for (int i = 0; i < rounds; i++) {
        theirRounds[i] = speed(call -> theirs.encode(type));
        ourRounds[i] = speed(ours);
      }
      byte[] found = encoder.encode(values, 0, VALUES, null);
      double speed = median(ourRounds);
      double theirSpeed = median(theirRounds);
      return new EncoderRow(
          type,
          speed,
          theirSpeed,
          speed / theirSpeed,
          error(type, found),
          error(type, ggml.encode(type, values)));
    }
  }

  private double speed(IntConsumer encoder) {
    long began = System.nanoTime();
    int calls = 0;
    double seconds;
    do {
      encoder.accept(calls++);
      seconds = (System.nanoTime() - began) / 1e9;
    } while (seconds < roundSeconds);
    return (double) calls * VALUES * Float.BYTES / seconds / 1e9;
  }

  private double error(GgmlType type, byte[] bytes) {
    var decoded = new float[VALUES];
    new GgmlLayout(type).unpack(bytes, 1, VALUES, decoded, 0);
    double error = 0;
    double energy = 0;
    for (int i = 0; i < VALUES; i++) {
      double off = (double) decoded[i] - values[i];
      error += off * off;
      energy += (double) values[i] * values[i];
    }
    return error / energy;
  }

  private static double median(double[] speeds) {
    double[] sorted = speeds.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
