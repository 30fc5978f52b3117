package io.tributary.bench.codecs;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a measurement that may take hours, and go on where it was stopped. */
final class CodecRows {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final List<CodecRow> rows = new ArrayList<>();

  /**
   * Takes the rows that a file has, if there is one.
   *
   * @param here of this process: rows of another commit or seed are of other codecs or values
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the file is of another
   *     bench, commit or seed, {@code STORAGE} if it can't be read
   */
  void keep(Path file, MeasurementFacts here) {
    if (!Files.exists(file)) {
      return;
    }
    try {
      JsonNode object = MAPPER.readTree(file.toFile());
      String commit = object.path("run").path("commit").asText();
      long seed = object.path("run").path("seed").asLong();
      if (!commit.equals(here.commit()) || seed != here.seed()) {
        throw Errors.invalidSetting(
            "--json",
            file + " of commit " + commit + ", seed " + seed,
            "rows of commit " + here.commit() + ", seed " + here.seed() + ", or no such file");
      }
      rows.addAll(List.of(MAPPER.treeToValue(object.path("rows"), CodecRow[].class)));
    } catch (JacksonException e) {
      throw Errors.invalidSetting("--json", file, "a file of this bench, or none");
    } catch (IOException e) {
      throw Errors.storage(file, "can't read", e);
    }
  }

  /** The row of a measurement that was made, or null. */
  @Nullable CodecRow find(String codec, ValueSet set, BenchSize size, int threads, int forks) {
    for (CodecRow row : rows) {
      if (row.codec().equals(codec)
          && row.set().equals(set.name())
          && row.size().equals(size.name())
          && row.threads() == threads
          && row.forks() == forks) {
        return row;
      }
    }
    return null;
  }

  void add(CodecRow row) {
    rows.add(row);
  }

  /** All rows, those of the file first. */
  List<CodecRow> all() {
    return Collections.unmodifiableList(rows);
  }
}
