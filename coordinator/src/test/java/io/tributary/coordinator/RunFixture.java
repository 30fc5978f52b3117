package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.coordinator.journal.RunRecord;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.InboundStream;
import io.tributary.run.AgentFinish;
import io.tributary.run.EncodedPart;
import io.tributary.run.Exchange;
import io.tributary.run.ExchangeInterval;
import io.tributary.run.FragmentOrder;
import io.tributary.run.JoinRequest;
import io.tributary.run.RunManifest;
import io.tributary.run.TestModels;
import io.tributary.tensor.ModelSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

/** A run with links that only remember, and what tests of it do over and over. */
@SuppressWarnings("NullAway.Init") // each test opens the run that it needs
abstract class RunFixture {
  static final ModelSchema MODEL = TestModels.layered(2);

  @TempDir Path temporary;
  final List<RunEvent> events = new ArrayList<>();
  final List<RunStore> stores = new ArrayList<>();
  int steps = 12;
  double patience = 4;
  volatile long now;
  Consumer<RunRecord> appended = record -> {};
  final RunStage stage = new RunStage(() -> now);
  RunStore store;
  Run run;
  ContributionIntake intake;
  @Nullable TributaryException ended;

  void open(int agents, int quorum) {
    open(agents, quorum, 2);
  }

  void open(int agents, int quorum, int fragments) {
    stores.forEach(RunStore::close);
    stores.clear();
    var options =
        new CoordinatorOptions(
            "127.0.0.1",
            0,
            temporary,
            agents,
            quorum,
            patience,
            7,
            steps,
            ExchangeInterval.fixed(6),
            FragmentOrder.STRIDED,
            fragments,
            1,
            0.5f,
            false,
            "nesterov:0.7,0.9",
            "none",
            "e3m0",
            "e3m0",
            0);
    store =
        RunStore.open(temporary.resolve("data"), 1 << 20, true, TestContributions.CODECS, appended);
    stores.add(store);
    run =
        new Run(
            options, TestContributions.CODECS, store, Runnable::run, events::add, () -> now, stage);
    intake =
        new ContributionIntake(
            Schedulers.immediate(),
            TestContributions.CODECS,
            store,
            (stream, contribution) -> run.contributed(stream, contribution),
            (stream, failure) -> {
              if (failure instanceof TributaryException ours && !ours.code().retryable()) {
                stream.reject(ours.code(), String.valueOf(ours.getMessage()));
                if (ours.code() == ErrorCode.NON_FINITE) {
                  refuseValues(stream, ours);
                }
              }
            },
            () -> now,
            stage);
  }

  /** Turns the clock. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void pass(double seconds) {
    now += (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    run.tick();
  }

  void refuseValues(InboundStream stream, TributaryException failure) {
    try {
      run.refusedValues(stream.header(), String.valueOf(failure.getMessage()));
    } catch (TributaryException e) {
      ended = e;
    }
  }

  @AfterEach
  void close() {
    stores.forEach(RunStore::close);
  }

  static JoinRequest join(String name) {
    return new JoinRequest(name, null, List.of(), MODEL.hash(), MODEL);
  }

  JoinRequest rejoin(String name, Integer... applied) {
    RunManifest manifest = java.util.Objects.requireNonNull(store.manifest());
    return new JoinRequest(name, manifest.run(), List.of(applied), MODEL.hash(), MODEL);
  }

  FakeLink joined(String name) {
    return joined(name, join(name));
  }

  FakeLink joined(String name, JoinRequest request) {
    var link = new FakeLink(name);
    run.join(link, request);
    return link;
  }

  List<EncodedPart> parts(int participant, int fragment, int version) {
    RunManifest manifest = java.util.Objects.requireNonNull(store.manifest());
    return TestContributions.parts(manifest, participant, fragment, version);
  }

  FakeStream open(FakeLink link, int participant, int fragment, int version, boolean again) {
    var stream =
        new FakeStream(
            participant, fragment, version, parts(participant, fragment, version).size(), again);
    run.stream(link, stream, intake);
    return stream;
  }

  FakeStream contribute(FakeLink link, int participant, int fragment, int version) {
    FakeStream stream = open(link, participant, fragment, version, false);
    parts(participant, fragment, version).forEach(stream::give);
    stream.end();
    run.forceAndAcknowledge();
    return stream;
  }

  void finish(FakeLink link) {
    run.finished(link, new AgentFinish(store.theta().fingerprint()));
  }

  List<RunEvent.Committed> commits() {
    return events.stream()
        .filter(RunEvent.Committed.class::isInstance)
        .map(RunEvent.Committed.class::cast)
        .toList();
  }

  void makeEverything(FakeLink... links) {
    RunManifest manifest = java.util.Objects.requireNonNull(store.manifest());
    for (int step = 1; step <= manifest.steps(); step++) {
      for (Exchange e : manifest.schedule().sentAt(step)) {
        for (int p = 0; p < links.length; p++) {
          contribute(links[p], p, e.fragment(), e.version());
        }
      }
    }
  }

  static void refused(ErrorCode code, Runnable what, String... texts) {
    assertThatThrownBy(what::run)
        .isInstanceOfSatisfying(TributaryException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(texts);
  }
}
