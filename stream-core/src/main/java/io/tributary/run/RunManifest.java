package io.tributary.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.tributary.error.Errors;
import io.tributary.tensor.ModelSchema;

/**
 * Everything that is fixed for a whole run. Agents and coordinator derive fragments, schedule and
 * initial values from it.
 *
 * @param format the version of this document, 2
 * @param run the run's identity, 32 hexadecimal digits
 * @param seed where initial values and data order come from
 * @param participants the number of agents, 1 to 4096
 * @param quorum how many contributions a round needs at least, 1 to {@code participants}
 * @param steps inner steps of each agent
 * @param interval H, the inner steps between two exchanges of the same fragment
 * @param layerFragments P, the number of fragments that the layers are dealt to; the base fragment
 *     comes on top, unless P is 1
 * @param delay tau, the inner steps between cutting a contribution and applying the aggregate
 * @param mixing alpha in [0, 1]: an aggregate is merged as {@code alpha local + (1 - alpha) outer}
 * @param outer the outer optimizer in the form {@code METHOD:NUMBER,...}; which there are is the
 *     coordinator's business, since agents apply changes whatever made them
 * @param codecUp the codec policy of contributions
 * @param codecDown the codec policy of aggregates
 * @param schema the model
 */
public record RunManifest(
    int format,
    String run,
    long seed,
    int participants,
    int quorum,
    int steps,
    int interval,
    int layerFragments,
    int delay,
    float mixing,
    String outer,
    String codecUp,
    String codecDown,
    ModelSchema schema) {
  /** The version of this document that this build writes and reads. */
  public static final int FORMAT = 2;

  /** Checks every component that the schedule and the fragment map don't check. */
  public RunManifest {
    check("manifest format", format, format == FORMAT, "" + FORMAT);
    check("run", run, run.matches("[0-9a-f]{32}"), "32 hexadecimal digits");
    check("agents", participants, participants >= 1 && participants <= 4096, "1 to 4096");
    check(
        "quorum",
        quorum,
        quorum >= 1 && quorum <= participants,
        "1 to the number of agents, " + participants);
    check("alpha", mixing, mixing >= 0 && mixing <= 1, "0 to 1");
    check("outer", outer, outer.matches("[a-z]{1,32}:[0-9.,]{1,64}"), "METHOD:NUMBER,...");
  }

  private static void check(String what, Object found, boolean holds, String expected) {
    if (!holds) {
      throw Errors.invalidSetting(what, found, expected);
    }
  }

  /** The fragments of this run's model. */
  @JsonIgnore
  public FragmentMap fragmentMap() {
    return FragmentMap.strided(schema, layerFragments);
  }

  /** The schedule of this run. */
  @JsonIgnore
  public SyncSchedule schedule() {
    return new SyncSchedule(fragmentMap().size(), steps, interval, delay);
  }
}
