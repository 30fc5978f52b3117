package io.tributary.bench.diloco.effect;

import io.tributary.agent.AgentEvent;
import io.tributary.agent.text.Corpus;
import io.tributary.agent.text.WindowSampler;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.Trainer;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.agent.trainer.TrainingPlan;
import io.tributary.bench.diloco.run.LoopbackPlan;
import io.tributary.bench.diloco.run.LoopbackRun;
import io.tributary.coordinator.RunEvent;
import io.tributary.run.Exchange;
import io.tributary.run.FragmentMap;
import io.tributary.run.SyncSchedule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Trains one method with one seed. All methods see the same windows in the same steps, since these
 * come from (seed, participant, step).
 */
final class MethodRunner {
  /** What a gradient of data parallelism is counted with, each way. */
  private static final int DATA_PARALLEL_BITS = 16;

  private static final String ENGINE = "djl";

  private final StudyScale scale;
  private final Corpus corpus;

  MethodRunner(StudyScale scale, Path text) {
    this.scale = scale;
    corpus = Corpus.read(text, scale.agents());
  }

  /**
   * What a method came to.
   *
   * @param row its figures
   * @param curve how it came there
   */
  record Result(EffectRow row, TrainingCurve curve) {}

  Result run(StudyMethod method, long seed) {
    var losses = new TrainingCurve.Collector(scale.steps());
    EffectRow row =
        switch (method.kind()) {
          case ALONE -> alone(method, seed, losses);
          case DATA_PARALLEL -> dataParallel(method, seed, losses);
          case BLOCKING, STREAMING, FROZEN, EAGER -> outer(method, seed, losses);
        };
    return new Result(row, losses.curve(row));
  }

  /** The mean over the agents, each of which trains on its own share. */
  private EffectRow alone(StudyMethod method, long seed, TrainingCurve.Collector losses) {
    double loss =
        IntStream.range(0, scale.agents())
            .mapToDouble(agent -> lossOf(seed, List.of(agent), losses))
            .average()
            .orElseThrow();
    return new EffectRow(method.name(), method.codec(), 0, 1, seed, loss, 0, 0, 0, 0, 0);
  }

  private EffectRow dataParallel(StudyMethod method, long seed, TrainingCurve.Collector losses) {
    double loss = lossOf(seed, IntStream.range(0, scale.agents()).boxed().toList(), losses);
    long bytes = dataParallelBytes() / 2;
    double peak = DATA_PARALLEL_BITS * scale.shape().schema().parameters() / 1e6;
    return new EffectRow(
        method.name(), method.codec(), 1, 1, seed, loss, bytes, bytes, DATA_PARALLEL_BITS, 1, peak);
  }

  /** Both directions of all agents. */
  private long dataParallelBytes() {
    return 2L
        * DATA_PARALLEL_BITS
        / Byte.SIZE
        * scale.shape().schema().parameters()
        * scale.steps()
        * scale.agents();
  }

  private double lossOf(long seed, List<Integer> shares, TrainingCurve.Collector losses) {
    try (Trainer trainer = trainer(seed, shares)) {
      for (int step = 1; step <= scale.steps(); step++) {
        losses.add(step, trainer.step(step).loss());
      }
      return trainer.heldOutLoss();
    }
  }

  private Trainer trainer(long seed, List<Integer> shares) {
    int context = scale.shape().context();
    List<WindowSampler> samplers =
        shares.stream().map(s -> corpus.sampler(s, seed, context, scale.batch())).toList();
    var plan =
        new TrainingPlan(
            scale.shape(),
            new LearningRate(scale.learningRate(), scale.warmup(), scale.steps()),
            AdamW.Options.defaults());
    return TrainerProvider.named(ENGINE)
        .open(plan, seed, samplers, corpus.heldOut(context, scale.heldOutWindows()));
  }

  private EffectRow outer(StudyMethod method, long seed, TrainingCurve.Collector losses) {
    FragmentMap fragments = method.fragments(scale);
    var replicas = new Replicas(method, seed, fragments, method.schedule(scale), losses);
    LoopbackPlan plan = method.plan(scale, seed);
    LoopbackRun.Outcome outcome = new LoopbackRun(plan, scale.shape().schema(), replicas).run();
    long up = outcome.bytesUp().stream().mapToLong(Long::longValue).sum();
    long down = outcome.bytesDown().stream().mapToLong(Long::longValue).sum();
    long exchanged = 0;
    for (int f = 0; f < fragments.size(); f++) {
      exchanged += fragments.fragment(f).elements() * outcome.exchanges().get(f);
    }
    return new EffectRow(
        method.name(),
        method.codec(),
        method.interval().last(),
        fragments.size(),
        seed,
        replicas.loss.join(),
        up,
        down,
        (up + down) * (double) Byte.SIZE / 2 / scale.agents() / exchanged,
        (double) dataParallelBytes() / (up + down),
        replicas.peakBytes() * Byte.SIZE / 1e6);
  }

  /** The replicas of one run, and what was seen of it. */
  private final class Replicas implements LoopbackRun.Participants {
    private final StudyMethod method;
    private final long seed;
    private final FragmentMap fragments;
    private final SyncSchedule schedule;
    private final TrainingCurve.Collector losses;
    private final CompletableFuture<Double> loss = new CompletableFuture<>();
    private final Map<Exchange, Double> sent = new ConcurrentHashMap<>();

    Replicas(
        StudyMethod method,
        long seed,
        FragmentMap fragments,
        SyncSchedule schedule,
        TrainingCurve.Collector losses) {
      this.losses = losses;
      this.method = method;
      this.seed = seed;
      this.fragments = fragments;
      this.schedule = schedule;
    }

    @Override
    public Trainer open(int participant) {
      Trainer trainer = trainer(seed, List.of(participant));
      return method.kind() == StudyMethod.Kind.FROZEN
          ? new FreezingTrainer(trainer, fragments, schedule)
          : trainer;
    }

    @Override
    public void heard(int participant, AgentEvent event) {
      if (event instanceof AgentEvent.Progressed progress) {
        losses.add(progress.step(), progress.loss());
      }
    }

    @Override
    public void heard(RunEvent event) {
      if (event instanceof RunEvent.Committed made) {
        sent.put(
            schedule.exchange(made.fragment(), made.version()),
            (double) made.bytesIn() / made.participants().size());
      }
    }

    @Override
    public void finished(int participant, Trainer trainer) {
      if (participant == 0) {
        loss.complete(trainer.heldOutLoss());
      }
    }

    /** Bytes of an agent's contributions after its busiest step but the last. */
    double peakBytes() {
      double peak = 0;
      for (int step = 1; step < scale.steps(); step++) {
        double bytes =
            schedule.sentAt(step).stream().mapToDouble(e -> sent.getOrDefault(e, 0.0)).sum();
        peak = Math.max(peak, bytes);
      }
      return peak;
    }
  }
}
