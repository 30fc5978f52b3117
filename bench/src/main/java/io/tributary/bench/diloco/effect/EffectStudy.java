package io.tributary.bench.diloco.effect;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.codec.Backend;
import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.CodecRegistry;
import io.tributary.error.Errors;
import io.tributary.run.RunSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The studies {@code effect} and {@code frontier}: real training, one method after the other. Rows
 * that a former run has written are kept, so that a long study goes on where it was stopped.
 */
public final class EffectStudy {
  /** Codecs of at most so many bits a value are studied without being asked for. */
  private static final double FEW_BITS = 4.5;

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
   */
  public record Figures(StudyScale scale, long parameters, List<EffectRow> rows) {
    /** Copies the list. */
    public Figures {
      rows = List.copyOf(rows);
    }
  }

  /**
   * Every method at one H: what streaming, coding, feedback and freezing do.
   *
   * @param codecs codec policies to study; empty for all installed ones of few bits, with and
   *     without error feedback
   */
  public static EffectStudy effect(boolean quick, List<String> codecs) {
    StudyScale scale = quick ? StudyScale.quick() : StudyScale.full();
    int h = scale.interval();
    var methods = baselines(h);
    methods.add(StudyMethod.streaming(StudyMethod.LOSSLESS, h));
    methods.add(StudyMethod.frozen(h));
    methods.add(StudyMethod.averaging(StudyMethod.LOSSLESS, h));
    for (String codec : policies(quick, codecs)) {
      methods.add(StudyMethod.streaming(codec, h));
      if (codec.endsWith("+ef") && !quick) {
        methods.add(StudyMethod.averaging(codec, h));
      }
    }
    return new EffectStudy(scale, methods);
  }

  /**
   * Fewer and fewer bytes: codecs and intervals against each other.
   *
   * @param codecs as for {@link #effect}
   */
  public static EffectStudy frontier(boolean quick, List<String> codecs) {
    StudyScale scale = quick ? StudyScale.quick() : StudyScale.full();
    var methods = baselines(scale.interval());
    int[] intervals =
        quick
            ? new int[] {scale.interval()}
            : new int[] {scale.interval() / 3, scale.interval(), scale.interval() * 2};
    for (int h : intervals) {
      methods.add(StudyMethod.streaming(StudyMethod.LOSSLESS, h));
      for (String codec : policies(quick, codecs)) {
        methods.add(StudyMethod.streaming(codec, h));
      }
    }
    return new EffectStudy(scale, methods);
  }

  private static List<StudyMethod> baselines(int interval) {
    return new ArrayList<>(
        List.of(StudyMethod.dataParallel(), StudyMethod.alone(), StudyMethod.diloco(interval)));
  }

  private static Set<String> policies(boolean quick, List<String> asked) {
    CodecRegistry registry = CodecRegistry.load();
    var policies = new LinkedHashSet<>(asked);
    for (String policy : asked) {
      CodecPolicy.parse(policy, registry); // refused now, not after an hour
    }
    for (CodecProvider provider : registry.providers()) {
      int elements = RunSettings.CHUNK_ELEMENTS.get();
      double bits = provider.create(Backend.SCALAR, "").bitsPerElement(elements);
      if (asked.isEmpty() && bits <= FEW_BITS) {
        policies.add(provider.id().name());
        if (!quick) {
          policies.add(provider.id().name() + "+ef");
        }
      }
    }
    return policies;
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
    List<EffectRow> known = former == null ? List.of() : rowsOf(former);
    var rows = new ArrayList<EffectRow>();
    var runner = new MethodRunner(scale, text);
    for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
      for (StudyMethod method : methods) {
        long now = seed;
        EffectRow row = known.stream().filter(r -> r.isOf(method, now)).findFirst().orElse(null);
        if (row == null) {
          row = runner.run(method, seed);
          rows.add(row);
          save.accept(figures(rows));
        } else {
          rows.add(row);
        }
        print(row, out);
      }
    }
    printMeans(rows, out);
    return figures(rows);
  }

  private Figures figures(List<EffectRow> rows) {
    return new Figures(scale, scale.shape().schema().parameters(), rows);
  }

  private List<EffectRow> rowsOf(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      JsonNode object = MAPPER.readTree(file.toFile());
      StudyScale former = MAPPER.treeToValue(object.path("scale"), StudyScale.class);
      if (!scale.equals(former)) {
        throw Errors.invalidSetting(
            "--json", file, "a file of the same study at the same scale, or none");
      }
      return List.of(MAPPER.treeToValue(object.path("rows"), EffectRow[].class));
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

  private static void printMeans(List<EffectRow> rows, PrintWriter out) {
    var losses = new LinkedHashMap<String, List<Double>>();
    for (EffectRow row : rows) {
      losses.computeIfAbsent(row.label(), l -> new ArrayList<>()).add(row.heldOutLoss());
    }
    out.println();
    losses.forEach(
        (label, values) ->
            out.printf(
                Locale.ROOT,
                "%-42s mean loss %.4f of %d seeds%n",
                label,
                values.stream().mapToDouble(Double::doubleValue).average().orElseThrow(),
                values.size()));
  }
}
