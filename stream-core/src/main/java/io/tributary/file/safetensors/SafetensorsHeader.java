package io.tributary.file.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The header of a file: its tensors in the order of their bytes, and its free texts.
 *
 * @param tensors by ascending offset
 * @param metadata the entries of {@code __metadata__}
 */
public record SafetensorsHeader(List<SafetensorsTensor> tensors, Map<String, String> metadata) {
  /** Bytes in front of the header: its length. */
  public static final int LENGTH_BYTES = 8;

  /** The longest header that is read; the format's own limit is 100 MB. */
  public static final int MOST_BYTES = 16 << 20;

  private static final int MOST_TENSORS = 1 << 16;
  private static final int MOST_EXTENTS = 16;
  private static final int LONGEST_TEXT = 1 << 16;
  private static final String METADATA = "__metadata__";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxNumberLength(20)
                  .maxStringLength(LONGEST_TEXT)
                  .maxNameLength(LONGEST_TEXT)
                  .build())
          .build();

  /** Freezes both. */
  public SafetensorsHeader {
    tensors = List.copyOf(tensors);
    metadata = Map.copyOf(metadata);
  }

  /**
   * Checks the length in front of a header.
   *
   * @param where the file, for messages
   * @param fileBytes the file's length
   * @throws MalformedInputException {@code STORAGE} if it can't be the length of a header
   */
  public static int checkLength(String where, long length, long fileBytes) {
    long most = Math.min(MOST_BYTES, fileBytes - LENGTH_BYTES);
    if (length < 2 || length > most) {
      throw malformed(
          where,
          0,
          "header length: expected 2 to " + most + ", found " + Long.toUnsignedString(length));
    }
    return (int) length;
  }

  /**
   * Parses a header.
   *
   * @param where the file, for messages
   * @param json the header's bytes
   * @param dataBytes the bytes of the file behind the header
   * @throws MalformedInputException {@code STORAGE} if anything in it is not as it must be
   */
  public static SafetensorsHeader parse(String where, byte[] json, long dataBytes) {
    var reader = new Reader(where);
    try (JsonParser parser = JSON.createParser(json)) {
      reader.read(parser);
    } catch (JsonProcessingException e) {
      long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
      throw malformed(where, LENGTH_BYTES + at, "header is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader.tensors.sort(
        Comparator.comparingLong(SafetensorsTensor::begin)
            .thenComparingLong(SafetensorsTensor::end));
    checkPlaces(where, reader.tensors, LENGTH_BYTES + json.length, dataBytes);
    return new SafetensorsHeader(reader.tensors, reader.metadata);
  }

  private static void checkPlaces(
      String where, List<SafetensorsTensor> tensors, long dataAt, long dataBytes) {
    long end = 0;
    for (SafetensorsTensor tensor : tensors) {
      if (tensor.begin() != end) {
        String what = tensor.begin() < end ? "overlaps the one before" : "leaves a gap before it";
        throw malformed(
            where,
            dataAt + tensor.begin(),
            "tensor "
                + quoted(tensor.name())
                + " "
                + what
                + ": expected to begin at "
                + end
                + " of the data, found "
                + tensor.begin());
      }
      end = tensor.end();
    }
    if (end != dataBytes) {
      throw malformed(
          where,
          dataAt + Math.min(end, dataBytes),
          "expected " + end + " bytes of data, found " + dataBytes);
    }
  }

  private static MalformedInputException malformed(String where, long at, String what) {
    return new MalformedInputException(ErrorCode.STORAGE, where, at, what);
  }

  /** A name for a message: short, and without control characters. */
  private static String quoted(String name) {
    String shown = name.length() > 80 ? name.substring(0, 80) + "..." : name;
    return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
  }

  /** What is gathered while parsing. */
  private static final class Reader {
    private final String where;
    private final List<SafetensorsTensor> tensors = new ArrayList<>();
    private final Map<String, String> metadata = new TreeMap<>();

    Reader(String where) {
      this.where = where;
    }

    void read(JsonParser parser) throws IOException {
      expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "the header");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (name.equals(METADATA)) {
          readMetadata(parser);
        } else {
          tensors.add(readTensor(parser, name));
        }
        if (tensors.size() > MOST_TENSORS) {
          throw at(parser, "expected at most " + MOST_TENSORS + " tensors");
        }
      }
      // Spaces may follow, so that the data begin at a round offset.
      if (parser.nextToken() != null) {
        throw at(parser, "expected nothing but spaces after the header's object");
      }
    }

    private void readMetadata(JsonParser parser) throws IOException {
      expect(parser, parser.nextToken(), JsonToken.START_OBJECT, METADATA);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        expect(parser, parser.nextToken(), JsonToken.VALUE_STRING, "an entry of " + METADATA);
        metadata.put(key, parser.getText());
      }
    }

    private SafetensorsTensor readTensor(JsonParser parser, String name) throws IOException {
      String what = "tensor " + quoted(name);
      expect(parser, parser.nextToken(), JsonToken.START_OBJECT, what);
      String type = null;
      List<Long> shape = null;
      List<Long> offsets = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (field) {
          case "dtype" -> {
            expect(parser, value, JsonToken.VALUE_STRING, "dtype of " + what);
            type = parser.getText();
          }
          case "shape" -> shape = readNumbers(parser, value, MOST_EXTENTS, "shape of " + what);
          case "data_offsets" -> offsets = readNumbers(parser, value, 2, "data_offsets of " + what);
          default ->
              throw at(
                  parser, what + ": expected dtype, shape, data_offsets, found " + quoted(field));
        }
      }
      if (type == null || shape == null || offsets == null || offsets.size() != 2) {
        throw at(parser, what + ": expected a dtype, a shape and two data_offsets");
      }
      return tensor(parser, name, type, shape, offsets.get(0), offsets.get(1));
    }

    private SafetensorsTensor tensor(
        JsonParser parser, String name, String type, List<Long> shape, long begin, long end) {
      String what = "tensor " + quoted(name);
      ElementType known =
          ElementType.named(type)
              .orElseThrow(
                  () ->
                      at(
                          parser,
                          what
                              + ": expected a dtype of "
                              + List.of(ElementType.values())
                              + ", found "
                              + quoted(type)));
      long bytes = known.bytes();
      for (long extent : shape) {
        try {
          bytes = Math.multiplyExact(bytes, extent);
        } catch (ArithmeticException e) {
          throw at(parser, what + ": expected fewer than 2^63 bytes, found shape " + shape);
        }
      }
      if (begin > end || end - begin != bytes) {
        throw at(
            parser,
            what
                + " of shape "
                + shape
                + ": expected "
                + bytes
                + " bytes, found offsets "
                + begin
                + " to "
                + end);
      }
      return new SafetensorsTensor(name, known, shape, begin, end);
    }

    private List<Long> readNumbers(
        JsonParser parser, @Nullable JsonToken token, int most, String what) throws IOException {
      expect(parser, token, JsonToken.START_ARRAY, what);
      var numbers = new ArrayList<Long>();
      for (JsonToken next = parser.nextToken();
          next != JsonToken.END_ARRAY;
          next = parser.nextToken()) {
        expect(parser, next, JsonToken.VALUE_NUMBER_INT, what);
        long number = parser.getLongValue();
        if (number < 0 || numbers.size() == most) {
          throw at(parser, what + ": expected at most " + most + " numbers from 0");
        }
        numbers.add(number);
      }
      return numbers;
    }

    private void expect(
        JsonParser parser, @Nullable JsonToken found, JsonToken expected, String what) {
      if (found != expected) {
        throw at(parser, what + ": expected " + expected + ", found " + found);
      }
    }

    private MalformedInputException at(JsonParser parser, String what) {
      long byteInHeader = Math.max(0, parser.currentLocation().getByteOffset());
      return malformed(where, LENGTH_BYTES + byteInHeader, what);
    }
  }
}
