package io.tributary.bench.weights;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.error.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bench's rows so far, so that a long study goes on where it was stopped.
 *
 * @param scale of all rows
 * @param rows in the order in which they were made
 */
record WeightsFigures(Scale scale, List<WeightsRow> rows) {
  private static final JsonMapper MAPPER = new JsonMapper();

  /**
   * What rows that can be compared have in common.
   *
   * @param model its name
   * @param windows that are judged
   * @param calibrationTokens that were read before
   */
  record Scale(String model, int windows, long calibrationTokens) {}

  /** Copies the list. */
  WeightsFigures {
    rows = List.copyOf(rows);
  }

  /**
   * The rows that a former run wrote, none if it wrote no file.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the file is of another
   *     study, {@code STORAGE} if it can't be read
   */
  static List<WeightsRow> read(Path file, Scale scale) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      JsonNode object = MAPPER.readTree(file.toFile());
      Scale former = MAPPER.treeToValue(object.path("scale"), Scale.class);
      if (!scale.equals(former)) {
        throw Errors.invalidSetting(
            "--json", file, "a file of the same study at the same scale, or none");
      }
      return List.of(MAPPER.treeToValue(object.path("rows"), WeightsRow[].class));
    } catch (JacksonException e) {
      throw Errors.invalidSetting("--json", file, "a file of this study, or none");
    } catch (IOException e) {
      throw Errors.storage(file, "can't read", e);
    }
  }

  /** The row of a recipe. */
  Optional<WeightsRow> row(String recipe) {
    return rows.stream().filter(row -> row.recipe().equals(recipe)).findFirst();
  }

  /** These rows and one more. */
  WeightsFigures with(WeightsRow row) {
    var more = new ArrayList<WeightsRow>(rows);
    more.add(row);
    return new WeightsFigures(scale, more);
  }
}
