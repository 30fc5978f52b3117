package io.tributary.bench.guard;

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
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One run of real training with some bad agents, coordinator and agents in this process. Honest
 * agents see the same windows in the same steps whatever the attack and the guard.
 */
final class GuardRun {
  private static final String ENGINE = "djl";

  /** Steps whose windows make up the text of an agent that flips labels. */
  private static final int FLIPPED_STEPS = 500;

  private final GuardScale scale;
  private final Corpus corpus;

  GuardRun(GuardScale scale, Path text) {
    this.scale = scale;
    corpus = Corpus.read(text, scale.agents());
  }

  GuardRow run(Attack attack, String guard, long seed) {
    var seen = new Watcher(attack, seed);
    LoopbackPlan plan =
        LoopbackPlan.diloco(scale.agents(), seed, scale.steps(), scale.interval(), scale.outer())
            .guard(guard);
    double loss;
    try {
      var unused = new LoopbackRun(plan, scale.shape().schema(), seen).run();
      loss = seen.loss.join();
    } catch (TributaryException e) {
      if (e.code() != ErrorCode.NON_FINITE) {
        throw e;
      }
      loss = GuardRow.ENDED;
    }
    return seen.row(guard, Double.isFinite(loss) ? loss : GuardRow.ENDED);
  }

  /** Opens the trainers and counts who is left out. */
  private final class Watcher implements LoopbackRun.Participants {
    private final Attack attack;
    private final long seed;
    private final CompletableFuture<Double> loss = new CompletableFuture<>();
    private int rounds;
    private int honestExcludedRounds;
    private int honestExclusions;
    private int attackerExclusions;

    Watcher(Attack attack, long seed) {
      this.attack = attack;
      this.seed = seed;
    }

    @Override
    public Trainer open(int participant) {
      boolean bad = attack.isOn() && scale.isAttacker(participant);
      int context = scale.shape().context();
      int source = bad && attack.together() ? scale.agents() - 1 : participant;
      WindowSampler sampler = corpus.sampler(source, seed, context, scale.batch());
      var plan =
          new TrainingPlan(
              scale.shape(),
              new LearningRate(scale.learningRate(), scale.warmup(), scale.steps()),
              AdamW.Options.defaults());
      Trainer trainer =
          TrainerProvider.named(ENGINE)
              .open(
                  plan,
                  seed,
                  List.of(bad && attack.flipsLabels() ? flipped(sampler) : sampler),
                  corpus.heldOut(context, scale.heldOutWindows()));
      return bad && attack.factor() != 1 ? new AttackingTrainer(trainer, attack.factor()) : trainer;
    }

    /** The same text with flipped labels. */
    private WindowSampler flipped(WindowSampler honest) {
      var text = new ByteArrayOutputStream();
      int context = honest.context();
      var windows = new long[honest.batch() * (context + 1)];
      for (int step = 1; step <= FLIPPED_STEPS; step++) {
        honest.fill(step, windows);
        for (long label : windows) {
          text.write((int) Attack.flipped(label));
        }
      }
      Path file = null;
      try {
        file = Files.createTempFile("tributary-flipped", ".txt");
        Files.write(file, text.toByteArray());
        return Corpus.read(file, 1).sampler(0, seed, context, honest.batch());
      } catch (IOException e) {
        throw Errors.storage(Path.of(System.getProperty("java.io.tmpdir")), "can't use", e);
      } finally {
        delete(file);
      }
    }

    private static void delete(@Nullable Path file) {
      try {
        if (file != null) {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        throw Errors.storage(file, "can't delete", e);
      }
    }

    @Override
    public synchronized void heard(RunEvent event) {
      if (event instanceof RunEvent.Committed made) {
        rounds++;
        int honest = 0;
        for (int p = 0; p < scale.agents(); p++) {
          boolean left = !made.participants().contains(p);
          boolean bad = attack.isOn() && scale.isAttacker(p);
          honest += left && !bad ? 1 : 0;
          attackerExclusions += left && bad ? 1 : 0;
        }
        honestExclusions += honest;
        honestExcludedRounds += honest > 0 ? 1 : 0;
      }
    }

    @Override
    public void finished(int participant, Trainer trainer) {
      if (participant == 0) {
        loss.complete(trainer.heldOutLoss());
      }
    }

    synchronized GuardRow row(String guard, double heldOutLoss) {
      return new GuardRow(
          attack.name(),
          guard,
          seed,
          heldOutLoss,
          rounds,
          honestExcludedRounds,
          honestExclusions,
          attackerExclusions,
          attack.isOn() ? rounds * scale.attackers() : 0);
    }
  }
}
