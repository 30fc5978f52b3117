package io.tributary.bench.amaq;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.MalformedInputException;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Sentences and their labels from a CSV file of two columns, text and label, whose first line names
 * the columns. Fields may stand in quotation marks, and then hold commas, line ends and doubled
 * quotation marks (RFC 4180). Empty lines are skipped.
 *
 * @param path the file
 * @param sentences in their order
 */
record LabelledSentences(Path path, List<Sentence> sentences) {
  private static final long MOST_BYTES = 256L << 20;
  private static final int COLUMNS = 2;

  /**
   * A record of the file.
   *
   * @param line where it begins, from 1 on
   */
  record Sentence(int line, String text, String label) {}

  /** Copies the list. */
  LabelledSentences {
    sentences = List.copyOf(sentences);
  }

  /**
   * Reads a file.
   *
   * @throws TributaryException {@code INVALID_SETTING} if there is no such file, it is no text, has
   *     other columns or no sentence; {@code STORAGE} if it can't be read
   */
  static LabelledSentences read(Path path) {
    String text;
    try {
      long size = Files.size(path);
      if (size > MOST_BYTES) {
        throw broken(path + ": expected at most " + MOST_BYTES + " bytes, found " + size);
      }
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(path)))
              .toString();
    } catch (CharacterCodingException e) {
      throw broken(path + ": expected text in UTF-8, found other bytes");
    } catch (NoSuchFileException e) {
      throw broken(path + ": expected a CSV file, found nothing");
    } catch (IOException e) {
      throw Errors.storage(path, "can't read", e);
    }
    List<Sentence> sentences = new Records(path, text).all();
    if (sentences.size() < 2) {
      throw broken(path + ": expected a line that names the columns, then sentences, found none");
    }
    return new LabelledSentences(path, sentences.subList(1, sentences.size()));
  }

  /** A number that stands for all texts and labels. */
  int fingerprint() {
    int hash = 1;
    for (Sentence sentence : sentences) {
      hash = 31 * (31 * hash + sentence.text().hashCode()) + sentence.label().hashCode();
    }
    return hash;
  }

  private static TributaryException broken(String what) {
    return new TributaryException(ErrorCode.INVALID_SETTING, what);
  }

  /** Cuts a text into records. */
  private static final class Records {
    private static final int END = -1;

    private final Path path;
    private final String text;
    private int at;
    private int line = 1;

    Records(Path path, String text) {
      this.path = path;
      this.text = text;
    }

    List<Sentence> all() {
      var found = new ArrayList<Sentence>();
      while (at < text.length()) {
        int begin = line;
        List<String> fields = fields();
        if (fields.size() == 1 && fields.get(0).isEmpty()) {
          continue;
        }
        if (fields.size() != COLUMNS) {
          throw broken(
              path
                  + ", line "
                  + begin
                  + ": expected "
                  + COLUMNS
                  + " columns, text and label, found "
                  + fields.size());
        }
        found.add(new Sentence(begin, fields.get(0), fields.get(1)));
      }
      return found;
    }

    private List<String> fields() {
      var fields = new ArrayList<String>();
      fields.add(field());
      while (next() == ',') {
        at++;
        fields.add(field());
      }
      endLine();
      return fields;
    }

    private int next() {
      return at < text.length() ? text.charAt(at) : END;
    }

    private String field() {
      if (next() == '"') {
        return quoted();
      }
      int begin = at;
      while (next() != END && next() != ',' && next() != '\n' && next() != '\r') {
        at++;
      }
      return text.substring(begin, at);
    }

    private String quoted() {
      int begin = at;
      int beginLine = line;
      var field = new StringBuilder();
      at++;
      while (true) {
        int c = next();
        if (c == END) {
          throw new MalformedInputException(
              ErrorCode.INVALID_SETTING,
              path + ", line " + beginLine,
              begin,
              "expected a quotation mark that ends the field, found the end of the file");
        }
        at++;
        if (c == '"') {
          if (next() != '"') {
            break;
          }
          at++;
        } else if (c == '\n') {
          line++;
        }
        field.append((char) c);
      }
      int c = next();
      if (c != END && c != ',' && c != '\n' && c != '\r') {
        throw broken(
            path + ", line " + line + ": expected a comma or the line's end behind a quoted field");
      }
      return field.toString();
    }

    private void endLine() {
      if (next() == '\r') {
        at++;
      }
      if (next() == '\n') {
        at++;
      }
      line++;
    }
  }
}
