package io.tributary.bench.diloco.effect;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.coordinator.outer.OuterOptimizer;
import io.tributary.error.Errors;
import io.tributary.run.ExchangeInterval;
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
 * The studies {@code effect} and {@code frontier}: real training, one method after the other. Rows
 * that a former run has written are kept, so that a long study goes on where it was stopped.
 */
public final class EffectStudy {
  private static final List<String> INTERVALS = List.of("10", "30", "60", "100", "10..100");
  private static final JsonMapper MAPPER = new JsonMapper();

  private final StudyScale scale;
  private final List<StudyMethod> methods;

  private EffectStudy(StudyScale scale, List<StudyMethod> methods) {
    this.scale = scale;
    this.methods = List.copyOf(methods);
  }

  /**
   * What the study yields.
   *
   * @param scale how large everything was
   * @param parameters of the model
   * @param rows a row for each method and seed
   * @param curves a curve for each row
   */
  public record Figures(
      StudyScale scale, long parameters, List<EffectRow> rows, List<TrainingCurve> curves) {
    /** Copies the lists. */
    public Figures {
      rows = List.copyOf(rows);
      curves = List.copyOf(curves);
    }
  }

  /**
   * What is asked of a study.
   *
   * @param quick a short form, whose losses mean nothing
   * @param steps inner steps, 0 for the study's own
   * @param intervals H of each method; empty for the study's own
   * @param codecs codec policies; empty for the study's own
   * @param outer outer optimizers of methods with momentum; empty for the study's own
   * @param alphas shares of local values in merges; empty for the study's own
   * @param baselines whether methods without the codecs asked for are trained too
   */
  public record Request(
      boolean quick,
      int steps,
      List<ExchangeInterval> intervals,
      List<String> codecs,
      List<String> outer,
      List<Float> alphas,
      boolean baselines) {
    /** Copies the lists and checks optimizers and shares. */
    public Request {
      intervals = List.copyOf(intervals);
      codecs = List.copyOf(codecs);
      outer = List.copyOf(outer);
      outer.forEach(OuterOptimizer::parse);
      alphas = List.copyOf(alphas);
      for (float alpha : alphas) {
        if (!(alpha >= 0 && alpha <= 1)) {
          throw Errors.invalidSetting("--alpha", alpha, "0 to 1");
        }
      }
      if (!baselines && codecs.isEmpty()) {
        throw Errors.invalidSetting("--no-baselines", "no --codec", "a codec to study");
      }
    }

    private StudyScale scale() {
      StudyScale scale = quick ? StudyScale.quick() : StudyScale.full();
      return steps == 0 ? scale : scale.steps(steps);
    }

    private List<ExchangeInterval> intervalsOr(List<ExchangeInterval> usual) {
      return intervals.isEmpty() ? usual : intervals;
    }
  }

  /** Every method at one H: what streaming, coding, feedback and freezing do. */
  public static EffectStudy effect(Request request) {
    StudyScale scale = request.scale();
    return new EffectStudy(
        scale,
        request.codecs().isEmpty() && request.intervals().isEmpty()
            ? MethodList.effect(scale, request.outer(), request.alphas())
            : asked(scale, request));
  }

  /** Fewer and fewer bytes: codecs and intervals against each other. */
  public static EffectStudy frontier(Request request) {
    StudyScale scale = request.scale();
    if (!request.codecs().isEmpty()) {
      return new EffectStudy(scale, asked(scale, request));
    }
    List<ExchangeInterval> usual =
        request.quick()
            ? List.of(ExchangeInterval.fixed(scale.interval()))
            : INTERVALS.stream().map(ExchangeInterval::parse).toList();
    return new EffectStudy(
        scale,
        MethodList.frontier(scale, request.intervalsOr(usual), request.outer(), request.alphas()));
  }

  private static List<StudyMethod> asked(StudyScale scale, Request request) {
    List<ExchangeInterval> usual = List.of(ExchangeInterval.fixed(scale.interval()));
    return MethodList.asked(
        scale,
        request.intervalsOr(usual),
        request.codecs(),
        request.outer(),
        request.alphas(),
        request.baselines());
  }

  /**
   * Trains every method with every seed that the file has no row for.
   *
   * @param text what the models are trained on
   * @param former the file of a former run, which need not exist, or null
   * @param save is given all rows so far after each new one
   */
  public Figures run(
      Path text,
      long firstSeed,
      int seeds,
      @Nullable Path former,
      PrintWriter out,
      Consumer<Figures> save) {
    // Rows of other methods stay: a search goes on in one file.
    Figures known = former == null ? figures(List.of(), List.of()) : figuresOf(former);
    var rows = new ArrayList<EffectRow>(known.rows());
    var curves = new ArrayList<TrainingCurve>(known.curves());
    var asked = new ArrayList<EffectRow>();
    var runner = new MethodRunner(scale, text);
    for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
      for (StudyMethod method : methods) {
        long now = seed;
        EffectRow row = rows.stream().filter(r -> r.isOf(method, now)).findFirst().orElse(null);
        if (row == null) {
          MethodRunner.Result result = runner.run(method, seed);
          row = result.row();
          rows.add(row);
          curves.add(result.curve());
          save.accept(figures(rows, curves));
        }
        asked.add(row);
        print(row, out);
      }
    }
    new EffectTable(asked, curves).print(out);
    return figures(rows, curves);
  }

  private Figures figures(List<EffectRow> rows, List<TrainingCurve> curves) {
    return new Figures(scale, scale.shape().schema().parameters(), rows, curves);
  }

  private Figures figuresOf(Path file) {
    if (!Files.exists(file)) {
      return figures(List.of(), List.of());
    }
    try {
      JsonNode object = MAPPER.readTree(file.toFile());
      StudyScale former = MAPPER.treeToValue(object.path("scale"), StudyScale.class);
      if (!scale.equals(former)) {
        throw Errors.invalidSetting(
            "--json", file, "a file of the same study at the same scale, or none");
      }
      return figures(
          List.of(MAPPER.treeToValue(object.path("rows"), EffectRow[].class)),
          List.of(MAPPER.treeToValue(object.path("curves"), TrainingCurve[].class)));
    } catch (JacksonException e) {
      throw Errors.invalidSetting("--json", file, "a file of this study, or none");
    } catch (IOException e) {
      throw Errors.storage(file, "can't read", e);
    }
  }

  private static void print(EffectRow row, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%-42s seed %d  loss %.4f  %11d bytes  %6.2f bits  %8.1f times fewer  peak %.3f Mbit%n",
        row.label(),
        row.seed(),
        row.heldOutLoss(),
        row.bytes(),
        row.bitsPerParameterExchange(),
        row.reductionVsDp(),
        row.peakMbit());
    out.flush();
  }
}
