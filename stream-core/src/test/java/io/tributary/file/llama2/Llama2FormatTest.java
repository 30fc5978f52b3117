package io.tributary.file.llama2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.ModelFolder;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Llama2FormatTest {
  private static final long SEED = Long.getLong("test.seed", 7);

  /** Width 4, hidden 3, 2 layers, 2 heads, 1 of keys and values, 5 tokens, context 2. */
  private static final int[] NUMBERS = {4, 3, 2, 2, 1, 5, 2};

  private static final int VALUES = 20 + 2 * (4 + 16 + 8 + 8 + 16 + 4 + 12 + 12 + 12) + 4 + 2 * 2;

  @TempDir Path folder;

  /** A file whose values count up from 0. */
  private static byte[] file(int values, int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(28 + 4 * values).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(numbers).forEach(bytes::putInt);
    for (int i = 0; i < values; i++) {
      bytes.putFloat(i);
    }
    return bytes.array();
  }

  private WeightFile open(byte[] bytes) throws IOException {
    return WeightFormats.load().open(Files.write(folder.resolve("model.bin"), bytes));
  }

  private static float firstValue(WeightFile file, String name) {
    RowMatrix rows = file.rows(name);
    var values = new float[(int) rows.rows() * rows.width()];
    rows.read(0, (int) rows.rows(), values, 0);
    for (int i = 1; i < values.length; i++) {
      assertThat(values[i]).isEqualTo(values[0] + i);
    }
    return values[0];
  }

  @Test
  void tensorsFollowEachOtherByKind() throws IOException {
    try (WeightFile file = open(file(VALUES, NUMBERS))) {
      assertThat(file.tensors()).hasSize(1 + 9 * 2 + 3);
      assertThat(file.tensors().get(3))
          .isEqualTo(new WeightTensor("layers.0.attention.wq.weight", "F32", List.of(4L, 4L), 64));
      assertThat(firstValue(file, "tok_embeddings.weight")).isEqualTo(0);
      assertThat(firstValue(file, "layers.1.attention_norm.weight")).isEqualTo(24);
      assertThat(firstValue(file, "layers.0.attention.wq.weight")).isEqualTo(28);
      assertThat(firstValue(file, "layers.1.attention.wk.weight")).isEqualTo(68);
      assertThat(firstValue(file, "layers.0.feed_forward.w2.weight"))
          .isEqualTo(20 + 2 * (4 + 16 + 8 + 8 + 16 + 4 + 12));
      assertThat(firstValue(file, "norm.weight")).isEqualTo(VALUES - 8);
      assertThat(firstValue(file, "freqs_sin")).isEqualTo(VALUES - 2);
      assertThat(file.metadata())
          .containsEntry("n_heads", "2")
          .containsEntry("n_kv_heads", "1")
          .containsEntry("max_seq_len", "2");
      assertThatThrownBy(() -> file.rows("output.weight"))
          .hasMessageContaining("expected a tensor output.weight, found none");
    }
  }

  @Test
  void aNegativeVocabularyMeansAnOutputOfItsOwn() throws IOException {
    try (WeightFile file = open(file(VALUES + 20, 4, 3, 2, 2, 1, -5, 2))) {
      assertThat(firstValue(file, "output.weight")).isEqualTo(VALUES);
    }
  }

  @Test
  void brokenFilesAreOneClearError() throws IOException {
    assertThatThrownBy(() -> open(file(VALUES - 1, NUMBERS)))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("expected " + (28 + 4 * VALUES) + " bytes, found")
        .extracting(e -> ((TributaryException) e).code())
        .isEqualTo(ErrorCode.STORAGE);
    assertThatThrownBy(() -> open(file(VALUES, 4, 3, 2, 3, 1, 5, 2)))
        .hasMessageContaining("expected a file of weights");
    Path odd = Files.write(folder.resolve("odd.bin"), file(VALUES, 4, 3, 2, 4, 1, 5, 2));
    assertThatThrownBy(() -> new Llama2Format().open(odd))
        .hasMessageContaining("byte 12: expected heads of even width, found 4 of 4");
    Path sharing = Files.write(folder.resolve("kv.bin"), file(VALUES, 8, 3, 2, 4, 3, 5, 2));
    assertThatThrownBy(() -> new Llama2Format().open(sharing))
        .hasMessageContaining("byte 16: expected a divisor of 4 heads, found 3");
    Path layers = Files.write(folder.resolve("layers.bin"), file(VALUES, 4, 3, -1, 2, 1, 5, 2));
    assertThatThrownBy(() -> new Llama2Format().open(layers))
        .hasMessageContaining("byte 8: expected layers of 1 to 4096, found -1");
    Path shorter = Files.write(folder.resolve("short.bin"), new byte[27]);
    assertThatThrownBy(() -> new Llama2Format().open(shorter))
        .hasMessageContaining("at least 28 bytes, found 27");
  }

  @Test
  void hostileNumbersEndInTheDeclaredErrorOrInTensorsThatFit() throws IOException {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = file(VALUES, NUMBERS);
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bytes[random.nextInt(28)] =
            (byte) (random.nextBoolean() ? random.nextInt(8) : random.nextInt());
      }
      Path path = Files.write(folder.resolve("fuzz.bin"), bytes);
      try (WeightFile file = new Llama2Format().open(path)) {
        assertThat(file.tensors().stream().mapToLong(WeightTensor::bytes).sum())
            .isEqualTo(4L * VALUES);
      } catch (TributaryException expected) {
        assertThat(expected.code()).isEqualTo(ErrorCode.STORAGE);
      }
    }
  }

  @Test
  void aRealModel() {
    Path path = ModelFolder.require("stories260K/stories260K.bin");
    try (WeightFile file = WeightFormats.load().open(path)) {
      long parameters =
          file.tensors().stream()
              .filter(tensor -> !tensor.name().startsWith("freqs"))
              .mapToLong(WeightTensor::elements)
              .sum();
      assertThat(parameters).isEqualTo(260_032);
    }
  }
}
