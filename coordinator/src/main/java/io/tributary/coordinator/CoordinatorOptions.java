package io.tributary.coordinator;

import io.tributary.coordinator.guard.Guard;
import io.tributary.coordinator.outer.OuterOptimizer;
import io.tributary.error.Errors;
import io.tributary.run.ExchangeInterval;
import io.tributary.run.FragmentOrder;
import io.tributary.run.RunManifest;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a coordinator is told when it starts. The model is not among it: the first agent brings it.
 *
 * @param host the address to listen on
 * @param port the port to listen on, 0 for any free one
 * @param data the folder of the run's state
 * @param participants the number of agents
 * @param quorum how many contributions a round needs; with as many as agents, everybody waits for
 *     everybody
 * @param patience how many times what it usually takes a round with a quorum waits for a sign of
 *     work, for an agent to be back, and for a contribution, 1 or more
 * @param seed where initial values and data order come from
 * @param steps inner steps of each agent
 * @param interval H
 * @param fragmentOrder which layers form a fragment together
 * @param layerFragments P
 * @param delay tau
 * @param mixing alpha
 * @param eager whether agents apply their own contribution at once, and that of the others when it
 *     comes
 * @param outer the outer optimizer, see {@link OuterOptimizer#parse}
 * @param guard what keeps bad contributions out, see {@link Guard#parse}
 * @param codecUp codec policy of contributions
 * @param codecDown codec policy of aggregates
 * @param bytesPerSecond what may be sent on each connection, 0 for no limit
 */
public record CoordinatorOptions(
    String host,
    int port,
    Path data,
    int participants,
    int quorum,
    double patience,
    long seed,
    int steps,
    ExchangeInterval interval,
    FragmentOrder fragmentOrder,
    int layerFragments,
    int delay,
    float mixing,
    boolean eager,
    String outer,
    String guard,
    String codecUp,
    String codecDown,
    long bytesPerSecond) {
  private static final String ANY_RUN = "0".repeat(32);
  private static final int MAX_FRAGMENTS = 4096;

  /**
   * Checks all that doesn't depend on the model.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} with the name of the
   *     option whose value is out of bounds
   */
  void check() {
    if (layerFragments < 1 || layerFragments > MAX_FRAGMENTS) {
      throw Errors.invalidSetting("fragments", layerFragments, "1 to the model's number of layers");
    }
    if (!(patience >= 1)) {
      throw Errors.invalidSetting("patience", patience, "1 or more");
    }
    OuterOptimizer.parse(outer);
    Guard.parse(guard).check(participants);
    // Any model that has as many layers as there are fragments shows what else is wrong.
    var layers = new ArrayList<TensorSpec>();
    for (int layer = 0; layer < layerFragments; layer++) {
      layers.add(
          new TensorSpec(
              "layer " + layer, List.of(1), TensorRole.NORM, layer, Initializer.constant(0)));
    }
    var unused = manifest(ANY_RUN, new ModelSchema(layers)).schedule();
  }

  /** The run that these options make of a model. */
  RunManifest manifest(String run, ModelSchema schema) {
    return new RunManifest(
        RunManifest.FORMAT,
        run,
        seed,
        participants,
        quorum,
        steps,
        interval,
        fragmentOrder,
        layerFragments,
        delay,
        mixing,
        eager ? OuterOptimizer.parse(outer).response() : 0,
        outer,
        guard,
        codecUp,
        codecDown,
        schema);
  }

  /**
   * What a run that goes on was begun with otherwise, in the form {@code NAME VALUE (the run:
   * VALUE)}: the run's own values hold.
   */
  List<String> differencesFrom(RunManifest begun) {
    RunManifest mine = manifest(begun.run(), begun.schema());
    var differences = new ArrayList<String>();
    compare(differences, "agents", participants, begun.participants());
    compare(differences, "quorum", quorum, begun.quorum());
    compare(differences, "seed", seed, begun.seed());
    compare(differences, "steps", steps, begun.steps());
    compare(differences, "h", interval, begun.interval());
    compare(differences, "fragment-order", fragmentOrder, begun.fragmentOrder());
    compare(differences, "fragments", layerFragments, begun.layerFragments());
    compare(differences, "tau", delay, begun.delay());
    compare(differences, "alpha", mixing, begun.mixing());
    compare(differences, "eager", mine.eager() > 0, begun.eager() > 0);
    compare(differences, "outer", outer, begun.outer());
    compare(differences, "guard", guard, begun.guard());
    compare(differences, "codec", codecUp, begun.codecUp());
    compare(differences, "codec-down", codecDown, begun.codecDown());
    if (differences.isEmpty() && !mine.equals(begun)) {
      throw new IllegalStateException("a component of the manifest isn't compared");
    }
    return differences;
  }

  private static void compare(List<String> differences, String name, Object mine, Object begun) {
    if (!mine.equals(begun)) {
      differences.add(name + " " + mine + " (the run: " + begun + ")");
    }
  }
}
