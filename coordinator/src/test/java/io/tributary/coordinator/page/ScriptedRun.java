package io.tributary.coordinator.page;

import io.tributary.coordinator.RunEvent;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Events of a run that nobody trains. */
final class ScriptedRun {
  static final int STEPS = 1000;

  private final Consumer<RunEvent> listener;

  ScriptedRun(Consumer<RunEvent> listener) {
    this.listener = listener;
  }

  /** A run of 837,888 parameters in 3 fragments whose agents have joined. */
  void begin(List<String> agents) {
    listener.accept(
        new RunEvent.Began(
            "0123456789abcdef0123456789abcdef",
            agents.size(),
            agents.size(),
            837_888,
            STEPS,
            "24",
            2,
            "e3m0",
            "e3m0",
            List.of(400_000L, 400_000L, 37_888L),
            List.of(42, 42, 42),
            List.of(0, 0, 0)));
    for (int i = 0; i < agents.size(); i++) {
      listener.accept(new RunEvent.Joined(i, agents.get(i), i + 1, agents.size()));
    }
  }

  /** An agent's report of one step, with a loss that falls. */
  void step(int participant, String agent, int step) {
    double loss = 2 + 3.4 / (1 + step / 40.0) + 0.1 * Math.sin(step + participant);
    listener.accept(
        new RunEvent.Progressed(participant, agent, step, loss, 20_000L * step, 19_000L * step));
  }

  /** The contributions of all but the excluded, then the version. */
  void round(int agents, int fragment, int version, List<String> exclusions) {
    List<Integer> present = IntStream.range(0, agents - exclusions.size()).boxed().toList();
    for (int participant : present) {
      listener.accept(new RunEvent.Contributed(participant, fragment, version));
    }
    listener.accept(
        new RunEvent.Committed(
            fragment, version, "0badcafe", present, exclusions, 100_000, 25_000, 12));
  }

  /** What telemetry says of a version's change of one tensor. */
  void spectrum(int fragment, int version, String tensor) {
    listener.accept(
        new RunEvent.Spectrum(
            fragment,
            version,
            List.of(new RunEvent.TensorSpectrum(tensor, 1000, 64, 12.5, 0.5, null, 3, false)),
            7));
  }

  /** An agent's choice of a codec for the first version of the first fragment. */
  void chose(int participant, String agent, String codec, String reason) {
    listener.accept(new RunEvent.CodecChosen(participant, agent, 0, 1, codec, reason));
  }

  /** The end. */
  void finish() {
    listener.accept(new RunEvent.Finished("ab".repeat(32), 6, Collections.nCopies(3, 2)));
  }
}
