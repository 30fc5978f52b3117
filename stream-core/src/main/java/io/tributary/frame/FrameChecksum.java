package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC32C (Castagnoli polynomial 0x1EDC6F41, reflected, as RFC 3720 appendix B.4) over the fields
 * that describe a payload and the payload itself.
 */
public final class FrameChecksum {
  private FrameChecksum() {}

  /**
   * The checksum of {@code headerLength} bytes of {@code header} from index {@code headerFrom},
   * followed by {@code length} bytes of {@code payload} from index {@code from}. Indices are
   * absolute and stay where they are.
   */
  public static int compute(
      ByteBuf header, int headerFrom, int headerLength, ByteBuf payload, int from, int length) {
    CRC32C crc = new CRC32C();
    update(crc, header, headerFrom, headerLength);
    update(crc, payload, from, length);
    return (int) crc.getValue();
  }

  private static void update(CRC32C crc, ByteBuf bytes, int from, int length) {
    if (bytes.hasArray()) {
      crc.update(bytes.array(), bytes.arrayOffset() + from, length);
    } else if (bytes.nioBufferCount() == 1) {
      // Not internalNioBuffer: a broadcast shares one buffer among the threads of many links.
      crc.update(bytes.nioBuffer(from, length));
    } else {
      for (ByteBuffer part : bytes.nioBuffers(from, length)) {
        crc.update(part);
      }
    }
  }
}
