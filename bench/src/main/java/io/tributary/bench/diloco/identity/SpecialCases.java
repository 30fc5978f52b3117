package io.tributary.bench.diloco.identity;

import io.tributary.agent.text.BuiltInText;
import io.tributary.agent.text.Corpus;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.GptShape;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.Trainer;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.agent.trainer.TrainingPlan;
import io.tributary.bench.diloco.identity.IdentityStudy.Row;
import io.tributary.bench.diloco.run.LoopbackPlan;
import io.tributary.bench.diloco.run.LoopbackRun;
import io.tributary.run.OuterParameters;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Settings with which Streaming DiLoCo is another, simpler method. */
final class SpecialCases {
  private static final int ELEMENTS = 300;
  private static final float RATE = 0.002f;
  private static final int ALONE_STEPS = 60;
  private static final double TOLERANCE = 1e-6;

  private final long seed;

  SpecialCases(long seed) {
    this.seed = seed;
  }

  List<Row> check(boolean realModel) {
    var rows = new ArrayList<Row>();
    ModelSchema schema = StudyModels.layered(3, ELEMENTS, Initializer.normal(0.2f));
    rows.add(
        isDiloco(
            "P = 1, tau = 0, alpha = 0 is DiLoCo, bit for bit (least squares, 4 replicas)",
            LoopbackPlan.diloco(4, seed, 60, 10, "nesterov:0.7,0.9"),
            p -> RegressionTrainer.adaptive(schema, seed, List.of(p), RATE)));
    if (realModel) {
      var shape = new GptShape(2, 2, 16, 16);
      Corpus corpus = Corpus.read(BuiltInText.path(), 2);
      var training =
          new TrainingPlan(shape, LearningRate.constant(RATE, 0), AdamW.Options.defaults());
      rows.add(
          isDiloco(
              "the same for a GPT on text (2 replicas)",
              LoopbackPlan.diloco(2, seed, 12, 4, "nesterov:0.7,0.9"),
              p ->
                  TrainerProvider.named("djl")
                      .open(
                          training,
                          seed,
                          List.of(corpus.sampler(p, seed, shape.context(), 2)),
                          corpus.heldOut(shape.context(), 2))));
    }
    rows.add(isDataParallel(schema));
    rows.add(isPlainTraining(schema));
    rows.add(isPlainTrainingExactly());
    rows.add(isPlainTrainingWhenEager(schema));
    return rows;
  }

  private Row isDiloco(String name, LoopbackPlan plan, IntFunction<Trainer> trainers) {
    List<Trainer> replicas = IntStream.range(0, plan.agents()).mapToObj(trainers).toList();
    String expected;
    try {
      expected =
          new PlainDiloco(replicas, seed, 0.7f, 0.9f)
              .run(plan.steps(), plan.interval().first())
              .fingerprint();
    } finally {
      replicas.forEach(Trainer::close);
    }
    LoopbackRun.Outcome outcome =
        new LoopbackRun(plan, replicas.get(0).schema(), trainers::apply).run();
    return new Row(
        name,
        outcome.fingerprint().equals(expected) && outcome.exchanges().size() == 1,
        String.format(
            Locale.ROOT,
            "%d exchanges; fingerprint of the definition %.12s, of the run %.12s",
            outcome.exchanges().get(0),
            expected,
            outcome.fingerprint()));
  }

  private Row isDataParallel(ModelSchema schema) {
    int agents = 4;
    int steps = 50;
    var plain = RegressionTrainer.plain(schema, seed, List.of(0, 1, 2, 3), 0.1f);
    for (int step = 1; step <= steps; step++) {
      plain.step(step);
    }
    float[][] found =
        outerParameters(
            LoopbackPlan.diloco(agents, seed, steps, 1, "nesterov:1,0"),
            schema,
            p -> RegressionTrainer.plain(schema, seed, List.of(p), 0.1f));
    Difference difference = Difference.of(plain, found);
    return new Row(
        "H = 1 with gradient descent, outer rate 1 and no momentum is data parallelism to 1e-6",
        difference.relative() <= TOLERANCE,
        difference.text());
  }

  private Row isPlainTraining(ModelSchema schema) {
    Difference difference = alone(schema);
    return new Row(
        "M = 1 with outer rate 1 and no momentum is plain training to 1e-6",
        difference.relative() <= TOLERANCE,
        difference.text());
  }

  /**
   * θ - (θ - x) is x to the last bit where the inner difference is exact, for instance where θ and
   * x are within a factor of two of each other (Sterbenz' lemma): so here values stay near 1.
   */
  private Row isPlainTrainingExactly() {
    Difference difference = alone(StudyModels.layered(3, ELEMENTS, Initializer.constant(1)));
    return new Row(
        "the same bit for bit where no parameter changes by a factor of two between exchanges",
        difference.relative() == 0,
        difference.text());
  }

  /** Whatever the delay: nothing that is trained while an exchange is under way is lost. */
  private Row isPlainTrainingWhenEager(ModelSchema schema) {
    Difference difference =
        alone(
            schema,
            LoopbackPlan.diloco(1, seed, ALONE_STEPS, 10, "average:1")
                .streaming(2, 9, 0)
                .eager(true));
    return new Row(
        "one eager agent with outer rate 1 is plain training to 1e-6, with tau = H - 1",
        difference.relative() <= TOLERANCE,
        difference.text());
  }

  private Difference alone(ModelSchema schema) {
    return alone(schema, LoopbackPlan.diloco(1, seed, ALONE_STEPS, 10, "nesterov:1,0"));
  }

  private Difference alone(ModelSchema schema, LoopbackPlan plan) {
    var plain = RegressionTrainer.adaptive(schema, seed, List.of(0), RATE);
    for (int step = 1; step <= ALONE_STEPS; step++) {
      plain.step(step);
    }
    return Difference.of(
        plain,
        outerParameters(
            plan, schema, p -> RegressionTrainer.adaptive(schema, seed, List.of(p), RATE)));
  }

  /** Runs, and returns what the first participant's trainer holds at the end, by tensor. */
  private static float[][] outerParameters(
      LoopbackPlan plan, ModelSchema schema, IntFunction<Trainer> trainers) {
    var values = new CompletableFuture<float[][]>();
    var participants =
        new LoopbackRun.Participants() {
          @Override
          public Trainer open(int participant) {
            return trainers.apply(participant);
          }

          @Override
          public void finished(int participant, Trainer trainer) {
            if (participant == 0) {
              values.complete(Difference.read(trainer));
            }
          }
        };
    new LoopbackRun(plan, schema, participants).run();
    return values.join();
  }

  /**
   * How far two sets of parameters differ.
   *
   * @param relative the norm of the difference, as a share of the norm
   * @param equal how many parameters have the same bits
   * @param of how many there are
   */
  private record Difference(double relative, long equal, long of) {
    static Difference of(Trainer expected, float[][] found) {
      double difference = 0;
      double norm = 0;
      long equal = 0;
      long of = 0;
      float[][] values = read(expected);
      for (int t = 0; t < values.length; t++) {
        for (int i = 0; i < values[t].length; i++) {
          double apart = (double) values[t][i] - found[t][i];
          difference += apart * apart;
          norm += (double) values[t][i] * values[t][i];
          equal += apart == 0 ? 1 : 0;
          of++;
        }
      }
      return new Difference(Math.sqrt(difference / norm), equal, of);
    }

    static float[][] read(Trainer trainer) {
      OuterParameters shapes = OuterParameters.initial(trainer.schema(), 0);
      var values = new float[trainer.schema().tensors().size()][];
      for (int t = 0; t < values.length; t++) {
        values[t] = new float[shapes.tensor(t).length];
        trainer.read(t, values[t], 0);
      }
      return values;
    }

    String text() {
      return String.format(
          Locale.ROOT, "relative difference %.1e; %d of %d parameters equal", relative, equal, of);
    }
  }
}
