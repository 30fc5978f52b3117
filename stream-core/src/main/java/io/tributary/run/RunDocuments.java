package io.tributary.run;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The JSON form of a run's records. Reading is strict: unknown fields, missing fields, fields given
 * twice, nulls where the record doesn't allow them, values of another type and nesting beyond what
 * the records need are errors, and lengths are limited by the parser before it builds anything.
 * Safe for any thread.
 */
public final class RunDocuments {
  private static final int DEEPEST_NESTING = 8;
  private static final int LONGEST_TEXT = 4096;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST_NESTING)
                          .maxStringLength(LONGEST_TEXT)
                          .maxNumberLength(32)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .defaultSetterInfo(JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL))
          .build();

  private RunDocuments() {}

  /** One of this package's records as UTF-8 JSON. */
  public static byte[] toBytes(Record document) {
    try {
      return MAPPER.writeValueAsBytes(document);
    } catch (JacksonException e) {
      throw new UncheckedIOException("records of this package always have a JSON form", e);
    }
  }

  /**
   * Reads a record.
   *
   * @throws TributaryException {@code MALFORMED} if the bytes aren't such a record; the cause's own
   *     code if a value is refused
   */
  public static <T extends Record> T fromBytes(byte[] bytes, Class<T> type) {
    try {
      T document = MAPPER.readValue(bytes, type);
      if (document == null) {
        throw new IOException("null");
      }
      return document;
    } catch (IOException e) {
      if (e.getCause() instanceof TributaryException refused) {
        throw refused;
      }
      String text =
          e instanceof JacksonException json
              ? json.getOriginalMessage()
              : String.valueOf(e.getMessage());
      throw new TributaryException(
          ErrorCode.MALFORMED,
          "document " + type.getSimpleName() + ": expected valid JSON of it, found: " + text,
          e);
    }
  }
}
