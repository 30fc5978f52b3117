package io.tributary.file.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufMetadataTest {
  @TempDir Path folder;

  private static GgufMetadata all() {
    var metadata = new GgufMetadata();
    metadata.text("a.text", "t\u00e4t");
    metadata.number("a.number", 7);
    metadata.decimal("a.decimal", 0.5f);
    metadata.truth("a.truth", true);
    metadata.texts("texts", List.of("x", "", "\u2581y"));
    metadata.numbers("numbers", -1, 2);
    metadata.decimals("decimals", -0f, Float.MIN_VALUE);
    return metadata;
  }

  /** By the format's description: a name, a type, the value. */
  @Test
  void bytesAreThoseOfTheFormat() {
    var metadata = new GgufMetadata();
    metadata.number("ab", 258);
    metadata.texts("c", List.of("d"));
    assertThat(HexFormat.of().formatHex(metadata.bytes()))
        .isEqualTo(
            "0200000000000000"
                + "6162"
                + "04000000"
                + "02010000"
                + "0100000000000000"
                + "63"
                + "09000000"
                + "08000000"
                + "0100000000000000"
                + "0100000000000000"
                + "64");
    assertThat(metadata.count()).isEqualTo(2);
    assertThat(metadata.has("c")).isTrue();
    assertThat(metadata.has("d")).isFalse();
    assertThatThrownBy(() -> metadata.text("c", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("c is there already");
  }

  private GgufFile file() throws IOException {
    var bytes = new GgufBytes().bytes('G', 'G', 'U', 'F').int32(3).int64(0, 7);
    for (byte value : all().bytes()) {
      bytes.bytes(value);
    }
    return new GgufFile(Files.write(folder.resolve("model.gguf"), bytes.align(32).array()));
  }

  @Test
  void arraysComeBack() throws IOException {
    try (GgufFile file = file()) {
      assertThat(file.metadata())
          .containsEntry("a.text", "t\u00e4t")
          .containsEntry("a.number", "7")
          .containsEntry("a.decimal", "0.5")
          .containsEntry("a.truth", "true");
      assertThat(file.texts("texts")).contains(List.of("x", "", "\u2581y"));
      assertThat(file.numbers("numbers").orElseThrow()).containsExactly(-1, 2);
      assertThat(file.decimals("decimals").orElseThrow()).containsExactly(-0f, Float.MIN_VALUE);
      assertThat(file.texts("absent")).isEmpty();
    }
  }

  @Test
  void anEntryOfAnotherTypeIsOneClearError() throws IOException {
    try (GgufFile file = file()) {
      assertThatThrownBy(() -> file.numbers("texts"))
          .isInstanceOf(TributaryException.class)
          .hasMessageContaining(
              "metadata texts: expected an array of numbers of 32 bits, found an array of type 8")
          .extracting(e -> ((TributaryException) e).code())
          .isEqualTo(ErrorCode.STORAGE);
      assertThatThrownBy(() -> file.texts("a.text"))
          .hasMessageContaining("expected an array of texts, found a single value");
    }
  }
}
