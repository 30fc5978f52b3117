package io.tributary.codecs.amaqec;

import io.tributary.codecs.channelwise.HalfFloat;
import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** The bytes of tables and requests, see the package page; and what a table means. */
final class AmaqecTable {
  private static final int TABLE = 1;
  private static final int REQUEST = 3;
  private static final int REQUEST_BYTES = 8;
  private static final int VERSION_OFFSET = 4;
  private static final int CHECKSUM_OFFSET = 8;
  private static final int HEADER_BYTES = 12;
  private static final int SCALED_EXPONENT = 14;
  private static final int LEAST_EXPONENT = -80;
  private static final int MOST_EXPONENT = 111;
  private static final int WEIGHTS_AN_OCTAVE = 4;

  /** Weights go so many quarters of an octave up and down. */
  static final int MOST_WEIGHT = 16;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private AmaqecTable() {}

  /** The bytes of a table's content. */
  static int length(int channels) {
    return 1 + (Short.BYTES + 1) * channels;
  }

  /**
   * A table's content.
   *
   * @param weights quarters of octaves
   */
  static byte[] content(float[] means, byte[] weights) {
    float largest = 0;
    for (float mean : means) {
      largest = Math.max(largest, Math.abs(mean));
    }
    int exponent =
        Math.max(
            LEAST_EXPONENT, Math.min(Math.getExponent(largest) - SCALED_EXPONENT, MOST_EXPONENT));
    var content = new byte[length(means.length)];
    content[0] = (byte) exponent;
    for (int c = 0; c < means.length; c++) {
      int half = HalfFloat.nearest(Math.scalb((double) means[c], -exponent));
      content[1 + 2 * c] = (byte) half;
      content[2 + 2 * c] = (byte) (half >>> Byte.SIZE);
      content[1 + 2 * means.length + c] = weights[c];
    }
    return content;
  }

  static float mean(byte[] content, int channel) {
    int half = (content[1 + 2 * channel] & 0xFF) | (content[2 + 2 * channel] << Byte.SIZE);
    return Math.scalb(HalfFloat.toFloat(half), content[0]);
  }

  static float weight(byte[] content, int channels, int channel) {
    return (float) StrictMath.pow(2, weightOf(content[1 + 2 * channels + channel]));
  }

  static float reciprocal(byte[] content, int channels, int channel) {
    return (float) StrictMath.pow(2, -weightOf(content[1 + 2 * channels + channel]));
  }

  private static double weightOf(byte quarters) {
    return (double) quarters / WEIGHTS_AN_OCTAVE;
  }

  static byte[] message(int version, byte[] content, int channels) {
    var bytes = new byte[HEADER_BYTES + content.length];
    INT.set(bytes, 0, TABLE | (channels << Byte.SIZE));
    INT.set(bytes, VERSION_OFFSET, version);
    System.arraycopy(content, 0, bytes, HEADER_BYTES, content.length);
    INT.set(bytes, CHECKSUM_OFFSET, checksum(bytes, HEADER_BYTES, content.length));
    return bytes;
  }

  private static int checksum(byte[] bytes, int at, int length) {
    var crc = new CRC32C();
    crc.update(bytes, at, length);
    return (int) crc.getValue();
  }

  /** Checks a table's message; returns its version, the content lies behind its head. */
  static int read(byte[] source, int at, int length, int channels) {
    int expected = HEADER_BYTES + length(channels);
    expect(length == expected, Math.min(length, expected), expected + " bytes of a table");
    boolean known = (int) INT.get(source, at) == (TABLE | (channels << Byte.SIZE));
    expect(known, 0, "a table of " + channels + " channels");
    int version = (int) INT.get(source, at + VERSION_OFFSET);
    expect(version > 0, VERSION_OFFSET, "a version from 1 on");
    int content = at + HEADER_BYTES;
    boolean whole =
        (int) INT.get(source, at + CHECKSUM_OFFSET) == checksum(source, content, length(channels));
    expect(whole, CHECKSUM_OFFSET, "its checksum");
    boolean inRange = source[content] >= LEAST_EXPONENT && source[content] <= MOST_EXPONENT;
    expect(inRange, HEADER_BYTES, "a power of two in range");
    for (int c = 0; c < channels; c++) {
      int half = (source[content + 1 + 2 * c] & 0xFF) | (source[content + 2 + 2 * c] << Byte.SIZE);
      expect(HalfFloat.isFinite(half), HEADER_BYTES + 1 + 2L * c, "finite means");
      int weight = source[content + 1 + 2 * channels + c];
      boolean fits = Math.abs(weight) <= MOST_WEIGHT;
      expect(fits, HEADER_BYTES + 1 + 2L * channels + c, "weights within 4 octaves");
    }
    return version;
  }

  /** The content of a message that {@link #read} has checked. */
  static byte[] contentOf(byte[] source, int at, int channels) {
    int from = at + HEADER_BYTES;
    return java.util.Arrays.copyOfRange(source, from, from + length(channels));
  }

  static byte[] request(int version) {
    var bytes = new byte[REQUEST_BYTES];
    INT.set(bytes, 0, REQUEST);
    INT.set(bytes, VERSION_OFFSET, version);
    return bytes;
  }

  static int requested(byte[] request) {
    expect(request.length == REQUEST_BYTES, request.length, REQUEST_BYTES + " bytes of a request");
    expect((int) INT.get(request, 0) == REQUEST, 0, "form 3, a request");
    return (int) INT.get(request, VERSION_OFFSET);
  }

  private static void expect(boolean holds, long offset, String what) {
    if (!holds) {
      throw new MalformedInputException(
          ErrorCode.CORRUPT_PAYLOAD, "amaqec table", offset, "expected " + what);
    }
  }
}
