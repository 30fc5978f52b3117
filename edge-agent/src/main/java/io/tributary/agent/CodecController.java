package io.tributary.agent;

import io.tributary.codec.CodecLadder;
import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CodecSession;
import io.tributary.codec.LadderSession;
import io.tributary.codec.TensorCodec;
import io.tributary.run.Exchange;
import io.tributary.run.Fragment;
import io.tributary.run.RunManifest;
import io.tributary.run.RunSettings;
import io.tributary.tensor.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the codec of each contribution by this agent's link, where the policy leaves a choice:
 * the most exact one that lands before it is due, or else the one that lands first. Codecs whose
 * error on the values at hand is beyond the policy's bound don't count. Where even the chosen codec
 * takes longer than the values would uncompressed, they go uncompressed.
 *
 * <p>A contribution is due to land half of its delay before its aggregate is applied; the other
 * half is the way back. Sizes, errors and speed of encoding are measured on the contribution itself
 * at first and then now and again, the time of inner steps and the link's goodput all along.
 *
 * <p>What is chosen depends on time. So two runs of one seed need not have the same bits; all
 * participants of one run do, since what was sent is what counts.
 *
 * <p>Confined to the worker's thread.
 */
final class CodecController {
  /** Contributions between two measurements of all codecs. */
  private static final int MEASURED_EVERY = 16;

  /** Runs of an encoder of which the fastest counts: the first ones are being compiled. */
  private static final int RUNS = 3;

  /** The weight of the latest step in the mean time of one. */
  private static final double NEWEST = 0.2;

  /**
   * What was chosen.
   *
   * @param fragment whose contribution
   * @param version to which version
   * @param codec the codec as policies write it
   * @param reason why, for people
   */
  record Choice(int fragment, int version, String codec, String reason) {}

  /** What a codec did to the values at hand. */
  private record Measure(double bytesPerElement, double secondsPerElement, double error) {}

  private final CodecLadder ladder;
  private final DoubleSupplier goodput;
  private final Consumer<Choice> listener;
  private final Measure[] measures;
  private int measuredAgo = MEASURED_EVERY;
  private double stepSeconds;

  /**
   * A controller for the up-link of a run.
   *
   * @param goodput bytes a second that contributions land with, 0 if unknown
   * @param listener hears of each choice
   */
  CodecController(
      RunManifest manifest,
      CodecRegistry codecs,
      DoubleSupplier goodput,
      Consumer<Choice> listener) {
    this.goodput = goodput;
    this.listener = listener;
    CodecPolicy policy = CodecPolicy.parse(manifest.codecUp(), codecs);
    ladder = ladderOf(policy, manifest.schema().tensors());
    measures = new Measure[ladder.rungs().size()];
  }

  private static CodecLadder ladderOf(CodecPolicy policy, List<TensorSpec> tensors) {
    return tensors.stream()
        .map(policy::ladder)
        .filter(CodecLadder::chooses)
        .findFirst()
        .orElseGet(() -> policy.ladder(tensors.get(0)));
  }

  /** An inner step took so long. */
  void stepped(double seconds) {
    stepSeconds = stepSeconds == 0 ? seconds : NEWEST * seconds + (1 - NEWEST) * stepSeconds;
  }

  /** Sets the sessions of a fragment that may choose to the codec that suits its contribution. */
  void choose(
      Exchange exchange, Fragment fragment, List<float[]> gradients, CodecSession[] sessions) {
    long elements = 0;
    int largest = -1;
    for (int i = 0; i < gradients.size(); i++) {
      if (sessions[fragment.slices().get(i).index()] instanceof LadderSession) {
        elements += gradients.get(i).length;
        if (largest < 0 || gradients.get(i).length > gradients.get(largest).length) {
          largest = i;
        }
      }
    }
    if (largest < 0) {
      return;
    }
    var session = (LadderSession) sessions[fragment.slices().get(largest).index()];
    if (measuredAgo++ >= MEASURED_EVERY) {
      measuredAgo = 1;
      measure(session, gradients.get(largest));
    }
    double due = (exchange.applyStep() - exchange.sendStep()) * stepSeconds / 2;
    Decision decision = decide(elements, due, goodput.getAsDouble());
    fragment
        .slices()
        .forEach(
            slice -> {
              if (sessions[slice.index()] instanceof LadderSession chooses) {
                chooses.use(decision.rung());
              }
            });
    listener.accept(
        new Choice(
            exchange.fragment(),
            exchange.version(),
            ladder.rungs().get(decision.rung()).toString(),
            decision.reason()));
  }

  private void measure(LadderSession session, float[] values) {
    int count = Math.min(values.length, RunSettings.CHUNK_ELEMENTS.get());
    for (int rung = 0; rung < measures.length; rung++) {
      measures[rung] = measure(session.codec(rung), values, count);
    }
  }

  /** Values that a codec can't take have no measure: it isn't chosen for them. */
  private static @Nullable Measure measure(TensorCodec codec, float[] values, int count) {
    var bytes = new byte[codec.maxEncodedLength(count)];
    var decoded = new float[count];
    int length = 0;
    long least = Long.MAX_VALUE;
    try {
      for (int run = 0; run < RUNS; run++) {
        long began = System.nanoTime();
        length = codec.encode(values, 0, count, bytes, 0);
        least = Math.min(least, System.nanoTime() - began);
      }
    } catch (io.tributary.error.TributaryException e) {
      return null;
    }
    codec.decode(bytes, 0, length, count, decoded, 0);
    double lost = 0;
    double norm = 0;
    for (int i = 0; i < count; i++) {
      double difference = (double) values[i] - decoded[i];
      lost += difference * difference;
      norm += (double) values[i] * values[i];
    }
    return new Measure(
        (double) length / count, least / 1e9 / count, norm == 0 ? 0 : Math.sqrt(lost / norm));
  }

  /** Which rung, and why. */
  private record Decision(int rung, String reason) {}

  private Decision decide(long elements, double due, double bytesPerSecond) {
    int[] allowed = allowed();
    if (bytesPerSecond <= 0) {
      int smallest = allowed[0];
      for (int rung : allowed) {
        smallest = bytes(rung, elements) < bytes(smallest, elements) ? rung : smallest;
      }
      return new Decision(smallest, "the smallest, since the link isn't measured yet");
    }
    int chosen = allowed[0];
    boolean inTime = false;
    for (int rung : allowed) {
      double landing = landing(rung, elements, bytesPerSecond);
      if (landing <= due) {
        chosen = rung;
        inTime = true;
        break;
      }
      chosen = landing < landing(chosen, elements, bytesPerSecond) ? rung : chosen;
    }
    double landing = landing(chosen, elements, bytesPerSecond);
    double raw = landing(0, elements, bytesPerSecond);
    String link =
        String.format(
            Locale.ROOT,
            "due in %.3f s on a link of %.2f Mbit/s",
            due,
            bytesPerSecond * Byte.SIZE / 1e6);
    if (raw <= landing) {
      return new Decision(
          0,
          String.format(
              Locale.ROOT, "compressing would lose: it lands in %.3f s as it is, %s", raw, link));
    }
    return new Decision(
        chosen,
        String.format(
            Locale.ROOT,
            "%s: it lands in %.3f s, %s",
            inTime ? "the most exact in time" : "the fastest, though late",
            landing,
            link));
  }

  /** The rungs that compress within the bound, in order; the lossless one if there is none. */
  private int[] allowed() {
    int[] rungs =
        java.util.stream.IntStream.range(1, measures.length)
            .filter(r -> measures[r] != null && measures[r].error() <= ladder.worstError())
            .toArray();
    return rungs.length == 0 ? new int[] {0} : Arrays.copyOf(rungs, rungs.length);
  }

  private double bytes(int rung, long elements) {
    return measureOf(rung).bytesPerElement() * elements;
  }

  private double landing(int rung, long elements, double bytesPerSecond) {
    return bytes(rung, elements) / bytesPerSecond + measureOf(rung).secondsPerElement() * elements;
  }

  private Measure measureOf(int rung) {
    return java.util.Objects.requireNonNull(measures[rung]);
  }
}
