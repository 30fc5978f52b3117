package io.tributary.file.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.file.ValueBlocks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GgmlBlocksTest {
  private static final int BLOCKS = 40;

  /** Where a block has half precision numbers, and the CRC of what ggml's own package decodes. */
  static Stream<Arguments> decoded() {
    return Stream.of(
        Arguments.of(GgmlType.Q4_0, new int[] {0}, 0x2222a186),
        Arguments.of(GgmlType.Q4_1, new int[] {0, 2}, 0xb9fa8416),
        Arguments.of(GgmlType.Q5_0, new int[] {0}, 0xe5e40497),
        Arguments.of(GgmlType.Q5_1, new int[] {0, 2}, 0xbd2e0072),
        Arguments.of(GgmlType.Q8_0, new int[] {0}, 0x59859583),
        Arguments.of(GgmlType.Q2_K, new int[] {80, 82}, 0x3ec65ec8),
        Arguments.of(GgmlType.Q3_K, new int[] {108}, 0xf9ff01ca),
        Arguments.of(GgmlType.Q4_K, new int[] {0, 2}, 0x2621a9bf),
        Arguments.of(GgmlType.Q5_K, new int[] {0, 2}, 0x09c66696),
        Arguments.of(GgmlType.Q6_K, new int[] {208}, 0x58a0b8a7));
  }

  /** The figures are of the Python package gguf, {@code quants.dequantize}, over the same bytes. */
  @ParameterizedTest
  @MethodSource("decoded")
  void everyBitIsThatOfAnIndependentDecoder(GgmlType type, int[] halves, int expected) {
    byte[] bytes = madeUp(BLOCKS * type.blockBytes(), type.name().length() + type.blockBytes());
    for (int i = 0; i < BLOCKS; i++) {
      for (int half : halves) {
        // Neither infinity nor NaN.
        bytes[i * type.blockBytes() + half + 1] &= (byte) 0xBB;
      }
    }
    ValueBlocks blocks = type.blocks().orElseThrow();
    var values = new float[BLOCKS * type.blockValues()];
    blocks.decode(bytes, 0, BLOCKS, values, 0);
    ByteBuffer found = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      found.putFloat(value);
    }
    var crc = new CRC32();
    crc.update(found.array());
    assertThat((int) crc.getValue()).isEqualTo(expected);
  }

  private static byte[] madeUp(int count, int seed) {
    var bytes = new byte[count];
    int state = seed;
    for (int i = 0; i < count; i++) {
      state = state * 1_103_515_245 + 12_345 & 0x7FFFFFFF;
      bytes[i] = (byte) (state >> 16);
    }
    return bytes;
  }

  /** A block by hand: d = 1, dmin = 2, and one group's scale, minimum and codes that aren't 0. */
  @Test
  void fourBitsOfTheSecondGroupByHand() {
    var block = new byte[144];
    block[1] = 0x3C;
    block[3] = 0x40;
    block[4 + 1] = 5;
    block[4 + 5] = 3;
    for (int i = 0; i < 32; i++) {
      block[16 + i] = (byte) (i % 16 << 4);
    }
    var values = new float[256];
    GgmlType.Q4_K.blocks().orElseThrow().decode(block, 0, 1, values, 0);
    for (int i = 0; i < 256; i++) {
      float expected = i / 32 == 1 ? 5f * (i % 16) - 2 * 3 : 0;
      assertThat(values[i]).isEqualTo(expected);
    }
  }

  @Test
  void numbersAreUnique() {
    assertThat(Arrays.stream(GgmlType.values()).map(GgmlType::number)).doesNotHaveDuplicates();
    for (GgmlType type : GgmlType.values()) {
      assertThat(GgmlType.of(type.number())).contains(type);
    }
    assertThat(GgmlType.of(5)).isEmpty();
  }
}
