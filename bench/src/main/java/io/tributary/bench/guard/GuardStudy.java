package io.tributary.bench.guard;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.coordinator.guard.Guard;
import io.tributary.error.Errors;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every guard against every attack. Rows that a former run has written are kept, so that a long
 * study goes on where it was stopped.
 */
final class GuardStudy {
  private static final List<String> GUARDS =
      List.of("none", "spectral", "trimmed-mean:2", "median", "krum:2", "krum:2,6", "clip:1");
  private static final List<Attack> FEW_ATTACKS =
      List.of(Attack.NONE, Attack.SIGN_FLIP, Attack.TURNED, Attack.SCALED);
  private static final List<Attack> ATTACKS =
      List.of(
          Attack.NONE,
          Attack.SIGN_FLIP,
          Attack.TURNED,
          Attack.SCALED,
          Attack.REVERSED,
          Attack.LABELS,
          Attack.REPLACED);
  private static final JsonMapper MAPPER = new JsonMapper();

  private final GuardScale scale;
  private final List<Attack> attacks;
  private final List<String> guards;

  /**
   * What the study yields.
   *
   * @param scale how large everything was
   * @param rows a row for each attack, guard and seed
   */
  public record Figures(GuardScale scale, List<GuardRow> rows) {
    /** Copies the list. */
    public Figures {
      rows = List.copyOf(rows);
    }
  }

  /** A study of some guards, or of all if there are none. */
  GuardStudy(boolean quick, List<String> guards) {
    scale = quick ? GuardScale.quick() : GuardScale.full();
    attacks = quick ? FEW_ATTACKS : ATTACKS;
    this.guards = guards.isEmpty() ? GUARDS : List.copyOf(guards);
    this.guards.forEach(guard -> Guard.parse(guard).check(scale.agents()));
  }

  /**
   * Trains with every attack, guard and seed that the file has no row for.
   *
   * @param former the file of a former run, which need not exist, or null
   * @param save is given all rows so far after each new one
   */
  Figures run(
      Path text,
      long firstSeed,
      int seeds,
      @Nullable Path former,
      PrintWriter out,
      Consumer<Figures> save) {
    var rows = new ArrayList<GuardRow>(former == null ? List.of() : rowsOf(former));
    var runner = new GuardRun(scale, text);
    for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
      for (Attack attack : attacks) {
        for (String guard : guards) {
          long now = seed;
          if (rows.stream().noneMatch(r -> r.isOf(attack, guard, now))) {
            GuardRow row = runner.run(attack, guard, seed);
            rows.add(row);
            save.accept(new Figures(scale, rows));
            print(row, out);
          }
        }
      }
    }
    new GuardTable(rows).print(out);
    return new Figures(scale, rows);
  }

  private List<GuardRow> rowsOf(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      JsonNode object = MAPPER.readTree(file.toFile());
      if (!scale.equals(MAPPER.treeToValue(object.path("scale"), GuardScale.class))) {
        throw Errors.invalidSetting(
            "--json", file, "a file of the same study at the same scale, or none");
      }
      return List.of(MAPPER.treeToValue(object.path("rows"), GuardRow[].class));
    } catch (JacksonException e) {
      throw Errors.invalidSetting("--json", file, "a file of this study, or none");
    } catch (IOException e) {
      throw Errors.storage(file, "can't read", e);
    }
  }

  private static void print(GuardRow row, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%-24s %-16s seed %d  loss %12.4f  rounds %d, %d without an honest agent; attackers left"
            + " out %d of %d%n",
        row.attack(),
        row.guard(),
        row.seed(),
        row.heldOutLoss(),
        row.rounds(),
        row.honestExcludedRounds(),
        row.attackerExclusions(),
        row.attackerContributions());
    out.flush();
  }
}
