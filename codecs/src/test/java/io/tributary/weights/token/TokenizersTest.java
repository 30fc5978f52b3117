package io.tributary.weights.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.ModelFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenizersTest {
  private static final long SEED = Long.getLong("test.seed", 7);

  @TempDir Path folder;

  private Tokenizer open(byte[] file) throws IOException {
    return Tokenizers.open(Files.write(folder.resolve("vocabulary"), file));
  }

  private Tokenizer open(String json) throws IOException {
    return open(json.getBytes(StandardCharsets.UTF_8));
  }

  /** All bytes by themselves as 0 to 255, then what merges make. */
  private static String json(String cut, String merges, String... pieces) {
    var vocabulary = new StringBuilder();
    for (int i = 0; i < 256; i++) {
      String piece = String.valueOf(ByteAlphabet.character(i));
      String quoted = piece.equals("\"") || piece.equals("\\") ? "\\" + piece : piece;
      vocabulary.append(i == 0 ? "" : ",").append("\"" + quoted + "\":" + i);
    }
    for (int i = 0; i < pieces.length; i++) {
      vocabulary.append(",\"" + pieces[i] + "\":" + (256 + i));
    }
    return "{\"pre_tokenizer\":{\"type\":\"ByteLevel\","
        + cut
        + "},\"model\":{\"type\":\"BPE\",\"vocab\":{"
        + vocabulary
        + "},\"merges\":["
        + merges
        + "]}}";
  }

  @Test
  void pairsMergeInTheOrderOfTheFile() throws IOException {
    Tokenizer tokenizer =
        open(
            json(
                "\"add_prefix_space\":false",
                "[\"b\",\"c\"],\"a b\",[\"a\",\"bc\"],[\"Ġ\",\"a\"]",
                "bc",
                "ab",
                "abc",
                "Ġa"));
    assertThat(tokenizer.vocabulary()).isEqualTo(260);
    assertThat(tokenizer.beginning()).isEmpty();
    assertThat(tokenizer.encode("abc")).containsExactly(258);
    assertThat(tokenizer.encode("abab")).containsExactly(257, 257);
    assertThat(tokenizer.encode("a abc")).containsExactly('a', ' ', 258);
    assertThat(tokenizer.encode("aa a")).containsExactly('a', 'a', 259);
    assertThat(tokenizer.encode("")).isEmpty();
    assertThat(tokenizer.decode(258, 259, 0xC3, 0xA4)).isEqualTo("abc aä");
    assertThatThrownBy(() -> tokenizer.decode(260)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void nothingMergesAcrossWords() throws IOException {
    String merges = "[\"a\",\"Ġ\"],[\".\",\"b\"]";
    int[] apart = open(json("\"add_prefix_space\":true", merges, "aĠ", ".b")).encode("a .b");
    assertThat(apart).containsExactly(' ', 'a', ' ', '.', 'b');
    int[] together =
        open(json("\"add_prefix_space\":false,\"use_regex\":false", merges, "aĠ", ".b"))
            .encode("a .b");
    assertThat(together).containsExactly(256, 257);
  }

  @Test
  void everyTextComesBack() throws IOException {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    Tokenizer tokenizer = open(json("\"add_prefix_space\":false", "[\"a\",\"b\"]", "ab"));
    for (int i = 0; i < 300; i++) {
      String text =
          random
              .ints(random.nextInt(40), 0, 0x1100)
              .mapToObj(c -> Character.toString(c % 3 == 0 ? ' ' + c % 90 : c))
              .reduce("", String::concat);
      assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    }
  }

  static Stream<Arguments> brokenFiles() {
    String cut = "\"use_regex\":true";
    String good = json(cut, "");
    return Stream.of(
        Arguments.of("{", "vocabulary is not JSON"),
        Arguments.of("{}", "pre_tokenizer.type: expected ByteLevel"),
        Arguments.of(good.replace("ByteLevel", "Split"), "expected ByteLevel, found \"Split\""),
        Arguments.of(good.replace("\"BPE\"", "\"Unigram\""), "model.type: expected BPE"),
        Arguments.of("{\"normalizer\":{\"type\":\"NFC\"}," + good.substring(1), "normalizer"),
        Arguments.of(good.replace("\"a\":97", "\"a\":-1"), "expected numbers below 256"),
        Arguments.of(good.replace("\"a\":97", "\"a\":256"), "expected numbers below 256"),
        Arguments.of(good.replace("\"a\":97", "\"a\":98"), "a piece for each"),
        Arguments.of(good.replace("\"a\":97", "\"aa\":97"), "a piece for each byte"),
        Arguments.of(good.replace("\"a\":97", "\"\u4e00\":97"), "characters that stand for bytes"),
        Arguments.of(good.replace("\"a\":97", "\"a\":\"x\""), "expected numbers below 256"),
        Arguments.of(good.replace("\"a\":97", "\"b\":97"), "Duplicate field 'b'"),
        Arguments.of(json(cut, "\"a\""), "expected two pieces"),
        Arguments.of(json(cut, "\"a b\""), "no piece 'ab'"),
        Arguments.of(json(cut, "3"), "no piece ''"));
  }

  @ParameterizedTest
  @MethodSource("brokenFiles")
  void aBrokenFileIsOneClearError(String json, String message) {
    assertThatThrownBy(() -> open(json))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((TributaryException) e).code())
        .isEqualTo(ErrorCode.STORAGE);
  }

  /** Pieces of llama2.c: three that are no text, all bytes, and then the given ones. */
  private static byte[] scored(String... pieces) {
    ByteBuffer bytes = ByteBuffer.allocate(16_000).order(ByteOrder.LITTLE_ENDIAN).putInt(8);
    for (int i = 0; i < 259 + pieces.length; i++) {
      String piece = i < 3 ? "<x>" : i < 259 ? String.format("<0x%02X>", i - 3) : pieces[i - 259];
      byte[] text = piece.getBytes(StandardCharsets.UTF_8);
      bytes.putFloat(i < 259 ? 0 : -i).putInt(text.length).put(text);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  @Test
  void theBestScoreMergesFirst() throws IOException {
    Tokenizer tokenizer = open(scored("ab", "bc", " a", "a", "b", "c", " "));
    assertThat(tokenizer.vocabulary()).isEqualTo(266);
    assertThat(tokenizer.beginning()).hasValue(1);
    assertThat(tokenizer.encode("")).isEmpty();
    assertThat(tokenizer.encode("abc")).containsExactly(265, 259, 264);
    assertThat(tokenizer.encode("bc a")).containsExactly(265, 260, 261);
    assertThat(tokenizer.encode("\u00e4")).containsExactly(265, 0xC3 + 3, 0xA4 + 3);
    assertThat(tokenizer.decode(1, 261, 259, 0xC3 + 3, 0xA4 + 3)).isEqualTo("aab\u00e4");
    assertThatThrownBy(() -> tokenizer.decode(266)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void hostileVocabulariesEndInTheDeclaredError() {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    byte[][] good = {
      scored("a"), json("\"use_regex\":true", "\"a b\"", "ab").getBytes(StandardCharsets.UTF_8)
    };
    for (int i = 0; i < 3_000; i++) {
      byte[] file = good[i % 2].clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        file[random.nextInt(file.length)] = (byte) random.nextInt();
      }
      byte[] cut =
          Arrays.copyOf(file, random.nextInt(4) == 0 ? random.nextInt(file.length) : file.length);
      try {
        Tokenizer tokenizer =
            i % 2 == 0 ? ScoredPieceTokenizer.parse("fuzz", cut) : TokenizerJson.parse("fuzz", cut);
        assertThat(Arrays.stream(tokenizer.encode("a b")))
            .allMatch(t -> t >= 0 && t < tokenizer.vocabulary());
      } catch (TributaryException expected) {
        assertThat(expected.code()).isEqualTo(ErrorCode.STORAGE);
      }
    }
  }

  @Test
  void realVocabularies() {
    Tokenizer stories = Tokenizers.open(ModelFolder.require("stories260K/tok512.bin"));
    assertThat(stories.vocabulary()).isEqualTo(512);
    assertThat(stories.encode("Once upon a time")).containsExactly(403, 407, 261, 378);
    assertThat(stories.decode(1, 403, 407, 261, 378)).isEqualTo("Once upon a time");
    Tokenizer addresses = Tokenizers.open(ModelFolder.require("lm16m/tokenizer.json"));
    String words = "My fellow citizens, the state of the Union";
    assertThat(addresses.vocabulary()).isEqualTo(4096);
    assertThat(addresses.encode(words))
        .containsExactly(2378, 2080, 1006, 11, 259, 1387, 267, 259, 1545);
    assertThat(addresses.decode(addresses.encode(words))).isEqualTo(words);
  }
}
