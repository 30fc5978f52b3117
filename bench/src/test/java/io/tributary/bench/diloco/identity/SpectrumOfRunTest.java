package io.tributary.bench.diloco.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.agent.AgentEvent;
import io.tributary.agent.trainer.Trainer;
import io.tributary.bench.diloco.run.LoopbackPlan;
import io.tributary.bench.diloco.run.LoopbackRun;
import io.tributary.coordinator.RunEvent;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Telemetry of whole runs: it is told when it is asked for, and changes no bit. */
class SpectrumOfRunTest {
  private static final String EVERY = "tributary.spectrum.every";
  private static final ModelSchema SCHEMA =
      new ModelSchema(
          List.of(
              matrix("layer.0", 0, List.of(20, 15)),
              matrix("layer.1", 1, List.of(300)),
              matrix("layer.2", 2, List.of(9, 5, 4))));

  private static TensorSpec matrix(String name, int layer, List<Integer> shape) {
    return new TensorSpec(name, shape, TensorRole.MATRIX, layer, Initializer.normal(0.2f));
  }

  /** The participants of a run, and what it told. */
  private static final class Watching implements LoopbackRun.Participants {
    private final List<RunEvent> events = new CopyOnWriteArrayList<>();
    private final CountDownLatch told = new CountDownLatch(1);

    @Override
    public Trainer open(int participant) {
      return RegressionTrainer.plain(SCHEMA, 1, List.of(participant), 0.1f);
    }

    /** With telemetry, an agent waits in the middle of the run until something was told. */
    @Override
    public void heard(int participant, AgentEvent event) {
      boolean middle = event instanceof AgentEvent.Progressed progress && progress.step() == 14;
      if (middle && System.getProperty(EVERY) != null) {
        try {
          assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public void heard(RunEvent event) {
      events.add(event);
      if (event instanceof RunEvent.Spectrum) {
        told.countDown();
      }
    }

    List<RunEvent.Spectrum> spectra() {
      return events.stream()
          .filter(RunEvent.Spectrum.class::isInstance)
          .map(RunEvent.Spectrum.class::cast)
          .toList();
    }
  }

  @AfterEach
  void forgetTheSetting() {
    System.clearProperty(EVERY);
  }

  private static String fingerprint(Watching watching) {
    LoopbackPlan plan =
        LoopbackPlan.diloco(2, 1, 24, 6, "nesterov:0.7,0.9").codecs("raw32", "raw32");
    return new LoopbackRun(plan, SCHEMA, watching).run().fingerprint();
  }

  @Test
  void spectraAreToldAndChangeNothing() {
    var without = new Watching();
    String expected = fingerprint(without);
    assertThat(without.spectra()).isEmpty();

    System.setProperty(EVERY, "1");
    var with = new Watching();
    assertThat(fingerprint(with)).isEqualTo(expected);
    assertThat(with.spectra()).isNotEmpty();
    for (RunEvent.Spectrum spectrum : with.spectra()) {
      assertThat(spectrum.tensors())
          .extracting(RunEvent.TensorSpectrum::tensor)
          .containsExactlyInAnyOrder("layer.0", "layer.2");
      assertThat(spectrum.tensors())
          .allMatch(tensor -> tensor.topShare() > 0 && tensor.topShare() <= 1 + 1e-9)
          .allMatch(tensor -> tensor.rows() == (tensor.width() == 15 ? 20 : 9));
    }
  }
}
