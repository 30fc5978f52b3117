package io.tributary.bench.sketch;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.error.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The rows of a study, those of an earlier run among them: a matrix whose rows are there is not run
 * again, so that a long study can be stopped at any time. For one thread.
 */
final class SketchRows {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final List<SketchRow> rows = new ArrayList<>();
  private final Consumer<List<SketchRow>> listener;

  /**
   * No rows yet.
   *
   * @param listener hears of the rows of a matrix when they are there
   */
  SketchRows(Consumer<List<SketchRow>> listener) {
    this.listener = listener;
  }

  /**
   * Takes the rows of a file over, if it exists.
   *
   * @param commit that the file must be of, since a changed sketch makes other rows
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it is no file of this
   *     study, or of another commit; {@code STORAGE} if it can't be read
   */
  void keep(Path file, String commit) {
    if (!Files.exists(file)) {
      return;
    }
    try {
      JsonNode object = MAPPER.readTree(file.toFile());
      String made = object.path("run").path("commit").asText();
      if (!made.equals(commit)) {
        throw Errors.invalidSetting(
            "--json",
            file + " of commit " + made,
            "rows of commit " + commit + ", or no such file");
      }
      rows.addAll(List.of(MAPPER.treeToValue(object.path("rows"), SketchRow[].class)));
    } catch (JacksonException e) {
      throw Errors.invalidSetting("--json", file, "a file of this study, or none");
    } catch (IOException e) {
      throw Errors.storage(file, "can't read", e);
    }
  }

  /**
   * Whether the rows of a matrix are there.
   *
   * @param count its rows, 0 for any
   * @param ratio its nominal gap, 0 for any
   */
  boolean has(
      String instance, int width, long count, double ratio, long seed, List<String> methods) {
    return methods.stream()
        .allMatch(
            method ->
                rows.stream()
                    .anyMatch(
                        row ->
                            row.instance().equals(instance)
                                && row.d() == width
                                && (count == 0 || row.n() == count)
                                && (ratio == 0 || row.r() == ratio)
                                && row.seed() == seed
                                && row.method().equals(method)));
  }

  /** Adds the rows of a matrix. */
  void add(List<SketchRow> found) {
    rows.addAll(found);
    listener.accept(found);
  }

  /** All rows so far. */
  List<SketchRow> all() {
    return List.copyOf(rows);
  }
}
