package io.tributary.weights.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFormats;
import io.tributary.file.gguf.GgufFile;
import io.tributary.file.gguf.GgufMetadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufVocabularyTest {
  @TempDir Path folder;

  private Optional<Tokenizer> read(GgufMetadata metadata) throws IOException {
    byte[] entries = metadata.bytes();
    int length = (24 + entries.length + 31) / 32 * 32;
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0x46554747).putInt(3).putLong(0).putLong(metadata.count()).put(entries);
    Path file = Files.write(folder.resolve("model.gguf"), bytes.array());
    try (var opened = (GgufFile) WeightFormats.load().open(file)) {
      return GgufVocabulary.read(opened);
    }
  }

  private Tokenizer writtenAndRead(Tokenizer tokenizer) throws IOException {
    var metadata = new GgufMetadata();
    GgufVocabulary.write(tokenizer, metadata);
    return read(metadata).orElseThrow();
  }

  private static BytePairTokenizer pairs(boolean spaceInFront) {
    var pieces = new byte[259][];
    var byteTokens = new int[256];
    for (int i = 0; i < 256; i++) {
      pieces[i] = new byte[] {(byte) i};
      byteTokens[i] = i;
    }
    pieces[256] = new byte[] {'a', 'b'};
    pieces[257] = new byte[] {' ', 'a', 'b'};
    pieces[258] = "<|endoftext|>".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    var special = new BitSet();
    special.set(258);
    Map<Long, PairMerger.Union> unions =
        Map.of(
            BytePairTokenizer.pair('a', 'b'),
            new PairMerger.Union(256, 0),
            BytePairTokenizer.pair(' ', 256),
            new PairMerger.Union(257, 1));
    return new BytePairTokenizer(pieces, special, byteTokens, unions, true, spaceInFront);
  }

  @Test
  void pairsComeBack() throws IOException {
    Tokenizer tokenizer = writtenAndRead(pairs(false));
    assertThat(tokenizer.vocabulary()).isEqualTo(259);
    assertThat(tokenizer.beginning()).isEmpty();
    assertThat(tokenizer.encode("ab ab\u00e9")).containsExactly(256, 257, 0xC3, 0xA9);
    assertThat(tokenizer.decode(257, 258)).isEqualTo(" ab<|endoftext|>");
  }

  private static ScoredPieceTokenizer scored() {
    var pieces = new ArrayList<String>();
    for (int i = 0; i < ScoredPieceTokenizer.LEAST; i++) {
      pieces.add("");
    }
    pieces.addAll(List.of(" ", "a", " a", "aa"));
    var scores = new float[pieces.size()];
    scores[261] = -1;
    scores[262] = -2;
    return new ScoredPieceTokenizer(pieces, scores);
  }

  @Test
  void scoredPiecesComeBack() throws IOException {
    Tokenizer tokenizer = writtenAndRead(scored());
    assertThat(tokenizer.vocabulary()).isEqualTo(263);
    assertThat(tokenizer.beginning()).hasValue(1);
    assertThat(tokenizer.encode("aaa\n")).containsExactly(261, 262, '\n' + 3);
    assertThat(tokenizer.decode(1, 261, 262)).isEqualTo("aaa");
  }

  @Test
  void aFileMayHaveNone() throws IOException {
    assertThat(read(new GgufMetadata())).isEmpty();
    var metadata = new GgufMetadata();
    GgufVocabulary.write(null, metadata);
    assertThat(read(metadata)).isEmpty();
  }

  @Test
  void whatGgufCannotTellIsRefused() {
    assertThatThrownBy(() -> GgufVocabulary.write(pairs(true), new GgufMetadata()))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("without a space in front")
        .extracting(e -> ((TributaryException) e).code())
        .isEqualTo(ErrorCode.INVALID_SETTING);
  }

  private void refused(String message, Consumer<GgufMetadata> content) {
    var metadata = new GgufMetadata();
    content.accept(metadata);
    assertThatThrownBy(() -> read(metadata))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((TributaryException) e).code())
        .isEqualTo(ErrorCode.STORAGE);
  }

  private static void begin(GgufMetadata metadata, String model, String cut) {
    metadata.text("tokenizer.ggml.model", model);
    metadata.text("tokenizer.ggml.pre", cut);
  }

  @Test
  void anythingElseIsOneClearError() {
    refused("tokenizer.ggml.model: expected gpt2 or llama, found t5", m -> begin(m, "t5", "x"));
    refused("tokenizer.ggml.pre: expected gpt-2, found qwen2", m -> begin(m, "gpt2", "qwen2"));
    refused("tokenizer.ggml.tokens: expected 1 to", m -> begin(m, "gpt2", "gpt-2"));
    refused(
        "token_type: expected one for each of 1 tokens, found 0",
        m -> {
          begin(m, "gpt2", "gpt-2");
          m.texts("tokenizer.ggml.tokens", List.of("a"));
        });
    refused(
        "pieces of the vocabulary, which has each byte's",
        m -> {
          begin(m, "gpt2", "gpt-2");
          m.texts("tokenizer.ggml.tokens", List.of("a"));
          m.numbers("tokenizer.ggml.token_type", 1);
        });
    refused(
        "add_bos_token: expected false, found true",
        m -> {
          begin(m, "gpt2", "gpt-2");
          m.truth("tokenizer.ggml.add_bos_token", true);
        });
    refused("bos_token_id: expected 1, found none", m -> begin(m, "llama", "default"));
    refused(
        "tokens: expected at least 259, found 1",
        m -> {
          begin(m, "llama", "default");
          m.number("tokenizer.ggml.bos_token_id", 1);
          m.texts("tokenizer.ggml.tokens", List.of("a"));
        });
    refused(
        "tokens: expected <0x00> in its place, found x",
        m -> {
          begin(m, "llama", "default");
          m.number("tokenizer.ggml.bos_token_id", 1);
          m.texts("tokenizer.ggml.tokens", java.util.Collections.nCopies(300, "x"));
        });
  }
}
