package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.run.AgentProgress;
import io.tributary.run.CodecNotice;
import io.tributary.run.ExchangeInterval;
import io.tributary.run.FragmentOrder;
import io.tributary.run.JoinRequest;
import io.tributary.run.RunManifest;
import io.tributary.run.TestModels;
import io.tributary.tensor.ModelSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

/** What a run tells to those who watch it. */
class RunEventTest {
  private static final ModelSchema MODEL = TestModels.layered(2);

  @TempDir private Path temporary;
  private final List<RunEvent> events = new ArrayList<>();

  @Test
  void aRunTellsItsSizeThenEachArrivalThenTheVersion() {
    try (RunStore store = store()) {
      Run run = run(store);
      var link = new FakeLink("a");
      run.join(link, new JoinRequest("a", null, List.of(), MODEL.hash(), MODEL));
      contribute(run, store, link);
      RunManifest manifest = Objects.requireNonNull(store.manifest());
      RunEvent.Began began = (RunEvent.Began) events.get(0);
      assertThat(began.run()).isEqualTo(manifest.run());
      assertThat(began.agents()).isEqualTo(1);
      assertThat(began.parameters()).isEqualTo(MODEL.parameters());
      assertThat(began.fragments().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(MODEL.parameters());
      // 12 steps, H = 6: fragments go at 6, 12; at 2, 8, 12; at 4, 10, 12.
      assertThat(began.versions()).containsExactly(2, 3, 3);
      assertThat(began.committed()).containsOnly(0).hasSameSizeAs(began.fragments());
    }
    assertThat(events.get(1)).isEqualTo(new RunEvent.Joined(0, "a", 1, 1));
    assertThat(events.get(2)).isEqualTo(new RunEvent.Contributed(0, 1, 1));
    assertThat(events.get(3)).isInstanceOf(RunEvent.Committed.class);
    assertThat(events).hasSize(4);
  }

  @Test
  void aRunThatGoesOnTellsWhereItIs() {
    try (RunStore store = store()) {
      Run run = run(store);
      var link = new FakeLink("a");
      run.join(link, new JoinRequest("a", null, List.of(), MODEL.hash(), MODEL));
      contribute(run, store, link);
    }
    events.clear();
    try (RunStore store = store()) {
      run(store);
    }
    assertThat(events).hasSize(1);
    assertThat(((RunEvent.Began) events.get(0)).committed()).startsWith(0, 1);
  }

  @Test
  void aCodecThatAnAgentChoseIsTold() {
    try (RunStore store = store()) {
      Run run = run(store);
      var link = new FakeLink("a");
      run.join(link, new JoinRequest("a", null, List.of(), MODEL.hash(), MODEL));
      run.codec(link, new CodecNotice(2, 1, "ecq:2b", "the smallest"));
      run.codec(new FakeLink("stranger"), new CodecNotice(0, 1, "raw32", ""));
    }
    assertThat(events).hasSize(3);
    assertThat(events.get(2))
        .isEqualTo(new RunEvent.CodecChosen(0, "a", 2, 1, "ecq:2b", "the smallest"));
  }

  @Test
  void progressIsTold() {
    try (RunStore store = store()) {
      Run run = run(store);
      var link = new FakeLink("a");
      run.join(link, new JoinRequest("a", null, List.of(), MODEL.hash(), MODEL));
      run.progress(link, new AgentProgress(3, 0.5, 10, 20));
      run.progress(new FakeLink("x"), new AgentProgress(4, 0.5, 10, 20));
    }
    assertThat(events).hasSize(3);
    assertThat(events.get(2)).isEqualTo(new RunEvent.Progressed(0, "a", 3, 0.5, 10, 20));
  }

  private static void contribute(Run run, RunStore store, FakeLink link) {
    var intake =
        new ContributionIntake(
            Schedulers.immediate(),
            TestContributions.CODECS,
            store,
            run::contributed,
            (stream, failure) -> {
              throw new AssertionError(failure);
            },
            System::nanoTime,
            new RunStage(System::nanoTime));
    var parts = TestContributions.parts(Objects.requireNonNull(store.manifest()), 0, 1, 1);
    var stream = new FakeStream(0, 1, 1, parts.size(), false);
    run.stream(link, stream, intake);
    parts.forEach(stream::give);
    stream.end();
    run.forceAndAcknowledge();
  }

  private RunStore store() {
    return RunStore.open(temporary.resolve("data"), 1 << 20, TestContributions.CODECS);
  }

  private Run run(RunStore store) {
    var options =
        new CoordinatorOptions(
            "127.0.0.1",
            0,
            temporary,
            1,
            1,
            4,
            7,
            12,
            ExchangeInterval.fixed(6),
            FragmentOrder.STRIDED,
            2,
            1,
            0.5f,
            false,
            "nesterov:0.7,0.9",
            "none",
            "e3m0",
            "e3m0",
            0);
    return new Run(
        options,
        TestContributions.CODECS,
        store,
        Runnable::run,
        events::add,
        System::nanoTime,
        new RunStage(System::nanoTime));
  }
}
