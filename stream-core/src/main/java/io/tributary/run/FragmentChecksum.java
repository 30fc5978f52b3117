package io.tributary.run;

import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A process's checksum of a fragment's outer parameters at a version, computed from its own memory.
 *
 * @param fragment the fragment's index
 * @param version the version that was just applied
 * @param crc32c {@link OuterParameters#checksum}
 */
public record FragmentChecksum(int fragment, int version, int crc32c) {
  private static final int FRAGMENT_OFFSET = 0;
  private static final int VERSION_OFFSET = FRAGMENT_OFFSET + Integer.BYTES;
  private static final int CRC_OFFSET = VERSION_OFFSET + Integer.BYTES;
  private static final int LENGTH = CRC_OFFSET + Integer.BYTES;

  /** Three little-endian 32-bit numbers. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(LENGTH)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(FRAGMENT_OFFSET, fragment)
        .putInt(VERSION_OFFSET, version)
        .putInt(CRC_OFFSET, crc32c)
        .array();
  }

  /** Reads what {@link #toBytes} wrote. */
  public static FragmentChecksum fromBytes(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new MalformedInputException(
          ErrorCode.MALFORMED, "CHECKSUM message", bytes.length, "expected " + LENGTH + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new FragmentChecksum(
        buffer.getInt(FRAGMENT_OFFSET), buffer.getInt(VERSION_OFFSET), buffer.getInt(CRC_OFFSET));
  }
}
