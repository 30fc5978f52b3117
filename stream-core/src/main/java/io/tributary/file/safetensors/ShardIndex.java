package io.tributary.file.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.MalformedInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The index of files that belong together.
 *
 * @param files the file's name for each tensor's name: of a file beside the index
 * @param metadata what else the index says, values within values named with dots
 */
record ShardIndex(Map<String, String> files, Map<String, String> metadata) {
  private static final int MOST_BYTES = SafetensorsHeader.MOST_BYTES;
  private static final int MOST_TENSORS = 1 << 16;
  private static final int LONGEST_TEXT = 1 << 16;
  private static final String FILES = "weight_map";
  private static final String METADATA = "metadata";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxDocumentLength(MOST_BYTES)
                  .maxNestingDepth(8)
                  .maxNumberLength(64)
                  .maxStringLength(LONGEST_TEXT)
                  .maxNameLength(LONGEST_TEXT)
                  .build())
          .build();

  ShardIndex {
    files = Map.copyOf(files);
    metadata = Map.copyOf(metadata);
  }

  /**
   * Reads an index.
   *
   * @throws io.tributary.error.TributaryException {@code STORAGE} if it can't be read or anything
   *     in it is not as it must be
   */
  static ShardIndex read(Path path) {
    try (InputStream json = Files.newInputStream(path)) {
      return parse(path.toString(), json);
    } catch (IOException e) {
      throw Errors.storage(path, "can't read", e);
    }
  }

  /** Parses an index; {@code where} is for messages. */
  static ShardIndex parse(String where, InputStream json) throws IOException {
    var reader = new Reader(where);
    try (JsonParser parser = JSON.createParser(json)) {
      reader.read(parser);
    } catch (JsonProcessingException e) {
      long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
      throw new MalformedInputException(
          ErrorCode.STORAGE, where, at, "index is not JSON: " + e.getOriginalMessage());
    }
    return new ShardIndex(reader.files, reader.metadata);
  }

  /** What is gathered while parsing. */
  private static final class Reader {
    private final String where;
    private final Map<String, String> files = new TreeMap<>();
    private final Map<String, String> metadata = new TreeMap<>();

    Reader(String where) {
      this.where = where;
    }

    void read(JsonParser parser) throws IOException {
      expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "the index");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (name) {
          case FILES -> readFiles(parser, value);
          case METADATA -> readMetadata(parser, value, "");
          default -> parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        throw at(parser, "expected nothing but spaces after the index's object");
      }
      if (files.isEmpty()) {
        throw at(parser, "expected a " + FILES + " with tensors, found none");
      }
    }

    private void readFiles(JsonParser parser, @Nullable JsonToken token) throws IOException {
      expect(parser, token, JsonToken.START_OBJECT, FILES);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String tensor = parser.currentName();
        expect(parser, parser.nextToken(), JsonToken.VALUE_STRING, "an entry of " + FILES);
        String file = parser.getText();
        // What comes with a model must not lead out of its folder.
        if (!file.matches("[\\w-][\\w.-]*")) {
          throw at(parser, "an entry of " + FILES + ": expected the name of a file beside it");
        }
        if (files.size() == MOST_TENSORS) {
          throw at(parser, "expected at most " + MOST_TENSORS + " tensors");
        }
        files.put(tensor, file);
      }
    }

    private void readMetadata(JsonParser parser, @Nullable JsonToken token, String name)
        throws IOException {
      if (token == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String key = parser.currentName();
          readMetadata(parser, parser.nextToken(), name.isEmpty() ? key : name + "." + key);
        }
      } else if (token != null && token.isScalarValue()) {
        metadata.put(name, parser.getText());
      } else {
        parser.skipChildren();
      }
    }

    private void expect(
        JsonParser parser, @Nullable JsonToken found, JsonToken expected, String what) {
      if (found != expected) {
        throw at(parser, what + ": expected " + expected + ", found " + found);
      }
    }

    private MalformedInputException at(JsonParser parser, String what) {
      long at = Math.max(0, parser.currentLocation().getByteOffset());
      return new MalformedInputException(ErrorCode.STORAGE, where, at, what);
    }
  }
}
