package io.tributary.frame;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code docs/wire-format.md}: its hex examples and its tables. */
final class WireFormatPage {
  private static final Path PAGE = Path.of("..", "docs", "wire-format.md");

  private final String text;

  private WireFormatPage(String text) {
    this.text = text;
  }

  static WireFormatPage read() {
    try {
      return new WireFormatPage(Files.readString(PAGE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes of the example with this name, comments left out. */
  byte[] example(String name) {
    Matcher block = Pattern.compile("```hex " + name + "\n(.*?)```", Pattern.DOTALL).matcher(text);
    if (!block.find()) {
      throw new AssertionError("the page has no example of " + name);
    }
    StringBuilder digits = new StringBuilder();
    for (String line : block.group(1).split("\n", -1)) {
      Matcher bytes = Pattern.compile("^((?:[0-9a-f]{2} +)*[0-9a-f]{2})(?: {3,}|$)").matcher(line);
      while (bytes.find()) {
        digits.append(bytes.group(1).replace(" ", ""));
      }
    }
    return HexFormat.of().parseHex(digits);
  }

  /** The cells of all table rows that match, each cell without its blanks. */
  List<List<String>> rows(String firstCell) {
    List<List<String>> rows = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("| ")) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.substring(1, line.lastIndexOf('|')).split("\\|", -1)) {
          cells.add(cell.strip());
        }
        if (cells.get(0).matches(firstCell)) {
          rows.add(cells);
        }
      }
    }
    return rows;
  }
}
