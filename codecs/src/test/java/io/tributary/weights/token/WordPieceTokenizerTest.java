package io.tributary.weights.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordPieceTokenizerTest {
  private static final String FILE =
      "{\"normalizer\":{\"type\":\"BertNormalizer\",\"clean_text\":true,"
          + "\"handle_chinese_chars\":true,\"strip_accents\":null,\"lowercase\":true},"
          + "\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},"
          + "\"post_processor\":{\"single\":[{\"SpecialToken\":{\"id\":\"[CLS]\"}},"
          + "{\"Sequence\":{\"id\":\"A\"}},{\"SpecialToken\":{\"id\":\"[SEP]\"}}]},"
          + "\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\","
          + "\"continuing_subword_prefix\":\"##\",\"max_input_chars_per_word\":10,"
          + "\"vocab\":{\"[UNK]\":0,\"[CLS]\":1,\"[SEP]\":2,\"un\":3,\"##aff\":4,\"##able\":5,"
          + "\"uncle\":6,\"!\":7,\"cafe\":8,\"'\":9,\"\u4e2d\":10,\"##a\":11,\"a\":12,\"$\":13}}}";

  @TempDir private Path folder;

  private Tokenizer open(String json) throws IOException {
    return Tokenizers.open(Files.writeString(folder.resolve("tokenizer.json"), json));
  }

  @Test
  void theLongestPieceIsTakenFirst() throws IOException {
    Tokenizer tokenizer = open(FILE);
    assertThat(tokenizer.vocabulary()).isEqualTo(14);
    assertThat(tokenizer.beginning()).hasValue(1);
    assertThat(tokenizer.end()).hasValue(2);
    assertThat(tokenizer.encode("unaffable")).containsExactly(3, 4, 5);
    assertThat(tokenizer.encode("Uncle")).containsExactly(6);
    assertThat(tokenizer.encode("")).isEmpty();
    assertThat(tokenizer.decode(3, 4, 5, 7)).isEqualTo("unaffable !");
  }

  @Test
  void textIsCleanedAndCut() throws IOException {
    Tokenizer tokenizer = open(FILE);
    assertThat(tokenizer.encode(" CAF\u00c9!\t!a")).containsExactly(8, 7, 7, 12);
    assertThat(tokenizer.encode("a'a$a")).containsExactly(12, 9, 12, 13, 12);
    assertThat(tokenizer.encode("a\u4e2da")).containsExactly(12, 10, 12);
    assertThat(tokenizer.encode("a\u0000a\u200b\ufffd")).containsExactly(12, 11);
    assertThat(tokenizer.encode("a\u00a0a")).containsExactly(12, 12);
  }

  @Test
  void whatNoPiecesMakeUpIsUnknown() throws IOException {
    Tokenizer tokenizer = open(FILE);
    assertThat(tokenizer.encode("unaffx a")).containsExactly(0, 12);
    assertThat(tokenizer.encode("aaaaaaaaaa")).hasSize(10);
    assertThat(tokenizer.encode("aaaaaaaaaaa")).containsExactly(0);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "BertNormalizer, Lowercase, normalizer.type",
        "\"lowercase\":true, \"lowercase\":false, normalizer.lowercase",
        "\"strip_accents\":null, \"strip_accents\":false, normalizer.strip_accents",
        "BertPreTokenizer, Whitespace, pre_tokenizer.type",
        "\"uncle\":6, \"uncle\":99, numbers below 14",
        "\"uncle\":6, \"uncle\":5, a piece for each number",
        "\"unk_token\":\"[UNK]\", \"unk_token\":\"?\", model.unk_token",
        "\"id\":\"[SEP]\", \"id\":\"[END]\", post_processor.single",
        "\"max_input_chars_per_word\":10, \"max_input_chars_per_word\":0, 1 to 1024",
        "\"Sequence\", \"Other\", post_processor.single: expected"
      })
  void whatIsNotKnownIsRefused(String from, String to, String expected) {
    assertThatThrownBy(() -> open(FILE.replace(from, to)))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
        .hasMessageContaining(expected);
  }

  @Test
  void aListIsAVocabularyToo() throws IOException {
    String pieces = "[PAD]\n[UNK]\n[CLS]\r\n[SEP]\n[MASK]\nun\n##aff\n##able\n\u211d\n";
    Tokenizer tokenizer = Tokenizers.open(Files.writeString(folder.resolve("a-vocab.txt"), pieces));
    assertThat(tokenizer.vocabulary()).isEqualTo(9);
    assertThat(tokenizer.unknown()).hasValue(1);
    assertThat(tokenizer.beginning()).hasValue(2);
    assertThat(tokenizer.end()).hasValue(3);
    assertThat(tokenizer.mask()).hasValue(4);
    assertThat(tokenizer.encode("Unaffable x")).containsExactly(5, 6, 7, 1);
    assertThat(open(FILE).mask()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "[UNK] [CLS] [SEP] The, line 4: expected no upper case",
    "[UNK] [CLS] [SEP] a a, line 5: expected each piece once",
    "[UNK] [CLS] a, 'expected a piece [SEP], found none'"
  })
  void otherListsAreRefused(String pieces, String expected) throws IOException {
    Path list = Files.writeString(folder.resolve("vocab.txt"), pieces.replace(' ', '\n'));
    assertThatThrownBy(() -> Tokenizers.open(list))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
        .hasMessageContaining(expected);
  }

  @Test
  void archivesMayHaveAList() throws IOException {
    Path archive = folder.resolve("model.jar");
    try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.putNextEntry(new ZipEntry("assets/vocab.txt"));
      zip.write("[UNK]\n[CLS]\n[SEP]\n".getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
    }
    assertThat(Tokenizers.open(archive).vocabulary()).isEqualTo(3);
    try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.putNextEntry(new ZipEntry("other"));
      zip.closeEntry();
    }
    assertThatThrownBy(() -> Tokenizers.open(archive))
        .hasMessage(archive + ": expected an entry assets/vocab.txt, found none");
  }
}
