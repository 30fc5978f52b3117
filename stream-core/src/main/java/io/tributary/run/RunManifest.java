package io.tributary.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.tributary.error.Errors;
import io.tributary.error.UnsupportedFormatException;
import io.tributary.tensor.ModelSchema;
import java.io.IOException;

/**
 * Everything that is fixed for a whole run. Agents and coordinator derive fragments, schedule and
 * initial values from it.
 *
 * @param format the version of this document, 4
 * @param run the run's identity, 32 hexadecimal digits
 * @param seed where initial values and data order come from
 * @param participants the number of agents, 1 to 4096
 * @param quorum how many contributions a round needs at least, 1 to {@code participants}
 * @param steps inner steps of each agent
 * @param interval H, the inner steps between two exchanges of the same fragment
 * @param fragmentOrder which layers form a fragment together
 * @param layerFragments P, the number of fragments that the layers are dealt to; the base comes on
 *     top, unless P is 1
 * @param delay tau, the inner steps between cutting a contribution and applying the aggregate
 * @param mixing alpha in [0, 1]: an aggregate is merged as {@code alpha local + (1 - alpha) outer}
 * @param eager how much of its own contribution, divided by the number of agents, an agent applies
 *     to its local values when it is cut, until the aggregate is there: the step that the outer
 *     optimizer makes of a first gradient of one; 0 for nothing
 * @param outer the outer optimizer in the form {@code METHOD:NUMBER,...}; which there are is the
 *     coordinator's business, since agents apply changes whatever made them
 * @param guard what keeps a few bad contributions out, the coordinator's business like the
 *     optimizer: {@code none}, or parts of the form {@code NAME[:NUMBER,...]} joined with {@code +}
 * @param codecUp the codec policy of contributions
 * @param codecDown the codec policy of aggregates
 * @param schema the model
 */
public record RunManifest(
    @JsonDeserialize(using = FormatReader.class) int format,
    String run,
    long seed,
    int participants,
    int quorum,
    int steps,
    ExchangeInterval interval,
    FragmentOrder fragmentOrder,
    int layerFragments,
    int delay,
    float mixing,
    float eager,
    String outer,
    String guard,
    String codecUp,
    String codecDown,
    ModelSchema schema) {
  /** The version of this document that this build writes and reads. */
  public static final int FORMAT = 4;

  private static final float MOST_EAGER = 100;

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
    check("eager", eager, eager >= 0 && eager <= MOST_EAGER, "0 to " + MOST_EAGER);
    check("outer", outer, outer.matches("[a-z]{1,32}:[0-9.,]{1,64}"), "METHOD:NUMBER,...");
    check("guard", guard, guard.matches("[a-z0-9.,:+-]{1,128}"), "none or NAME[:NUMBER,...]+...");
  }

  private static void check(String what, Object found, boolean holds, String expected) {
    if (!holds) {
      throw Errors.invalidSetting(what, found, expected);
    }
  }

  /** The fragments of this run's model. */
  @JsonIgnore
  public FragmentMap fragmentMap() {
    return FragmentMap.of(schema, fragmentOrder, layerFragments);
  }

  /**
   * The schedule of this run. Fragments are to be under way one after the other, so that none takes
   * the link from another: tau is less than H divided by their number. Eager agents need not wait
   * for the aggregate, and may be given a whole round of it.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if H can't be reached
   *     with the fragments or tau is too large
   */
  @JsonIgnore
  public SyncSchedule schedule() {
    int fragments = fragmentMap().size();
    var schedule = new SyncSchedule(fragments, steps, interval, delay);
    int most = (interval.first() - 1) / fragments;
    check(
        "tau",
        delay,
        eager > 0 || delay <= most,
        "0 to "
            + most
            + ", below h / fragments = "
            + interval.first()
            + " / "
            + fragments
            + ", or eager agents");
    return schedule;
  }

  /** Reads the format before everything else: fields of another format need not be known here. */
  static final class FormatReader extends JsonDeserializer<Integer> {
    @Override
    public Integer deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.hasToken(JsonToken.VALUE_NUMBER_INT)) {
        throw MismatchedInputException.from(parser, Integer.class, "the format is no number");
      }
      int format = parser.getIntValue();
      if (format != FORMAT) {
        throw new JsonMappingException(
            parser,
            "format",
            UnsupportedFormatException.version("run manifest", format, format, FORMAT, FORMAT));
      }
      return format;
    }
  }
}
