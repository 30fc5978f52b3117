package io.tributary.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tributary.error.MalformedInputException;
import io.tributary.link.EncodedChunk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The small binary forms of the package: checksums, message kinds, encoded parts. */
class RunMessagesTest {
  @Test
  void aChecksumIsThreeLittleEndianNumbers() {
    var checksum = new FragmentChecksum(2, 0x0102, 0xCAFEBABE);
    assertThat(HexFormat.of().formatHex(checksum.toBytes())).isEqualTo("0200000002010000bebafeca");
    assertThat(FragmentChecksum.fromBytes(checksum.toBytes())).isEqualTo(checksum);
    for (int length : new int[] {0, 11, 13}) {
      assertThatThrownBy(() -> FragmentChecksum.fromBytes(new byte[length]))
          .isInstanceOf(MalformedInputException.class);
    }
  }

  @Test
  void kindsAreFoundByTheirNumber() {
    for (MessageKind kind : MessageKind.values()) {
      assertThat(MessageKind.fromWire(kind.number())).contains(kind);
    }
    assertThat(MessageKind.fromWire(0)).isEmpty();
    assertThat(MessageKind.fromWire(MessageKind.values().length + 1)).isEmpty();
  }

  @Test
  void partsAreReadAsTheyWereWritten() throws IOException {
    var parts =
        List.of(
            new EncodedPart(0, 0, 3, 1, 1, new byte[] {1, 2, 3}),
            new EncodedPart(5, 65_536, 1, 0xFFFF, 255, new byte[0]));
    byte[] bytes = written(parts);
    List<EncodedPart> read =
        EncodedPart.readAll(new DataInputStream(new ByteArrayInputStream(bytes)));
    assertThat(written(read)).isEqualTo(bytes);
    assertThat(read).hasSize(2);
    for (int length = 0; length < bytes.length; length++) {
      var cut = new DataInputStream(new ByteArrayInputStream(bytes, 0, length));
      assertThatThrownBy(() -> EncodedPart.readAll(cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void hostileLengthsAreRefusedBeforeTheyAreAllocated() throws IOException {
    for (int[] numbers :
        new int[][] {{-1}, {1 << 25}, {1, 0, 0, 1, 1, 1, -1}, {1, 0, 0, 1, 1, 1, 1 << 30}}) {
      var bytes = new ByteArrayOutputStream();
      var out = new DataOutputStream(bytes);
      for (int number : numbers) {
        out.writeInt(number);
      }
      var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
      assertThatThrownBy(() -> EncodedPart.readAll(in))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("expected at most");
    }
  }

  @Test
  void takingAChunkReleasesIt() {
    ByteBuf payload = Unpooled.buffer().writeBytes(new byte[] {9, 8, 7}).skipBytes(1);
    EncodedPart part = EncodedPart.take(new EncodedChunk(3, 40, 2, 1, 1, payload));
    assertThat(payload.refCnt()).isZero();
    assertThat(part.bytes()).containsExactly(8, 7);
    EncodedChunk again = part.toChunk();
    assertThat(again.first()).isEqualTo(40);
    assertThat(again.encodedLength()).isEqualTo(2);
    again.release();
  }

  private static byte[] written(List<EncodedPart> parts) throws IOException {
    var bytes = new ByteArrayOutputStream();
    EncodedPart.writeAll(new DataOutputStream(bytes), parts);
    return bytes.toByteArray();
  }
}
