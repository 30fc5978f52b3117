package io.tributary.bench.amaq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LabelledSentencesTest {
  private static final long SEED = Long.getLong("test.seed", 7);

  @TempDir private Path folder;

  private LabelledSentences read(String text) throws IOException {
    return LabelledSentences.read(Files.writeString(folder.resolve("sentences.csv"), text));
  }

  @Test
  void fieldsMayBeQuoted() throws IOException {
    LabelledSentences found =
        read("text,category\r\nplain,a\r\n\"a, b\",c\n\n\"two\nlines \"\"said\"\"\",\"d\"\nlast,e");
    assertThat(found.sentences())
        .containsExactly(
            new LabelledSentences.Sentence(2, "plain", "a"),
            new LabelledSentences.Sentence(3, "a, b", "c"),
            new LabelledSentences.Sentence(5, "two\nlines \"said\"", "d"),
            new LabelledSentences.Sentence(7, "last", "e"));
    assertThat(found.fingerprint()).isNotEqualTo(read("text,category\nplain,b\n").fingerprint());
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("", "found none"),
        Arguments.of("text,label\n", "found none"),
        Arguments.of("text\nx\n", "line 1: expected 2 columns, text and label, found 1"),
        Arguments.of("text,label\na,b,c\n", "line 2: expected 2 columns, text and label, found 3"),
        Arguments.of("text,label\na,b\nword\n", "line 3: expected 2 columns"),
        Arguments.of("text,label\n\"a,b\n", "line 2, byte 11: expected a quotation mark"),
        Arguments.of("text,label\n\"a\"b,c\n", "line 2: expected a comma or the line's end"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void otherFilesAreRefused(String text, String expected) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTING))
        .hasMessageContaining(expected);
  }

  @Test
  void whatIsNoTextIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("bytes.csv"), new byte[] {'a', ',', (byte) 0xFF});
    assertThatThrownBy(() -> LabelledSentences.read(file)).hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> LabelledSentences.read(folder.resolve("none.csv")))
        .hasMessageContaining("expected a CSV file, found nothing");
  }

  @Test
  void anyTextIsReadOrRefused() throws IOException {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    String pieces = "a,\"\n\r b";
    for (int i = 0; i < 2000; i++) {
      var text = new StringBuilder("text,label\n");
      for (int n = random.nextInt(30); n > 0; n--) {
        text.append(pieces.charAt(random.nextInt(pieces.length())));
      }
      try {
        assertThat(read(text.toString()).sentences()).isNotEmpty();
      } catch (TributaryException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTING);
      }
    }
  }
}
