package io.tributary.codecs.ecq;

import java.util.Arrays;

/**
 * Codes the side information, bit by bit, each with a probability that adapts: tables, the map of
 * classes, exceptions. One object does either direction, for one chunk at a time.
 *
 * <p>The interval from {@code low} to {@code high} is cut at the bit's probability, and bytes on
 * which both ends agree leave it: binary arithmetic coding without carries (Witten, Neal and Cleary
 * 1987). Behind the last byte a decoder sees zeros, so nothing it meets can make it read further.
 */
final class EcqBinaryCoder {
  /** Where the models of numbers of one kind begin in the array of models. */
  static final int FREQUENCIES = 0;

  static final int GAPS = 64;
  static final int EXCEPTIONS = 128;
  static final int MIRRORED = 192;
  static final int CLASSES = 256;
  static final int RAW_FLAG = 272;
  static final int SIGN = 273;
  private static final int MODELS = 274;

  private static final int HALF = 1 << 15;
  private static final int ADAPTION = 4;
  private static final int MANTISSA_MODELS = 32;

  private final int[] models = new int[MODELS];
  private byte[] bytes = new byte[256];
  private int at;
  private int end;
  private long low;
  private long high;
  private long value;

  private void start() {
    Arrays.fill(models, HALF);
    low = 0;
    high = 0xFFFF_FFFFL;
  }

  /** Begins to write. */
  void startEncoding() {
    start();
    at = 0;
  }

  /** Begins to read {@code length} bytes. */
  void startDecoding(byte[] source, int from, int length) {
    start();
    if (bytes.length < length) {
      bytes = new byte[length];
    }
    System.arraycopy(source, from, bytes, 0, length);
    at = 0;
    end = length;
    value = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      value = value << 8 | next();
    }
  }

  private int next() {
    return at < end ? bytes[at++] & 0xFF : 0;
  }

  private void put(long lowest) {
    if (at == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * at);
    }
    bytes[at++] = (byte) (lowest >>> 24);
  }

  /** The bytes that {@link #finishEncoding} counted. */
  byte[] bytes() {
    return bytes;
  }

  /** Writes as many bytes as it takes to tell the last interval, and returns how many there are. */
  int finishEncoding() {
    while (low > 0) {
      // The largest number of fewest bytes within the interval, zeros behind it.
      long first = high & 0xFF00_0000L;
      put(first);
      if (first >= low) {
        break;
      }
      low = low << 8 & 0xFFFF_FFFFL;
      high = (high << 8 | 0xFF) & 0xFFFF_FFFFL;
    }
    return at;
  }

  void encodeBit(int model, int bit) {
    long middle = low + ((high - low) >>> 16) * models[model];
    if (bit != 0) {
      high = middle;
      models[model] += (0xFFFF - models[model]) >> ADAPTION;
    } else {
      low = middle + 1;
      models[model] -= (models[model] - 1) >> ADAPTION;
    }
    while ((low ^ high) < 1 << 24) {
      put(high);
      low = low << 8 & 0xFFFF_FFFFL;
      high = (high << 8 | 0xFF) & 0xFFFF_FFFFL;
    }
  }

  int decodeBit(int model) {
    long middle = low + ((high - low) >>> 16) * models[model];
    int bit;
    if (value <= middle) {
      bit = 1;
      high = middle;
      models[model] += (0xFFFF - models[model]) >> ADAPTION;
    } else {
      bit = 0;
      low = middle + 1;
      models[model] -= (models[model] - 1) >> ADAPTION;
    }
    while ((low ^ high) < 1 << 24) {
      low = low << 8 & 0xFFFF_FFFFL;
      high = (high << 8 | 0xFF) & 0xFFFF_FFFFL;
      value = (value << 8 | next()) & 0xFFFF_FFFFL;
    }
    return bit;
  }

  /** Writes the low bits of a number, each as likely as not. */
  void encodeEvenly(int number, int bits) {
    for (int i = bits - 1; i >= 0; i--) {
      long middle = low + ((high - low) >>> 1);
      if ((number >>> i & 1) != 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
      while ((low ^ high) < 1 << 24) {
        put(high);
        low = low << 8 & 0xFFFF_FFFFL;
        high = (high << 8 | 0xFF) & 0xFFFF_FFFFL;
      }
    }
  }

  int decodeEvenly(int bits) {
    int number = 0;
    for (int i = bits - 1; i >= 0; i--) {
      long middle = low + ((high - low) >>> 1);
      number <<= 1;
      if (value <= middle) {
        number |= 1;
        high = middle;
      } else {
        low = middle + 1;
      }
      while ((low ^ high) < 1 << 24) {
        low = low << 8 & 0xFFFF_FFFFL;
        high = (high << 8 | 0xFF) & 0xFFFF_FFFFL;
        value = (value << 8 | next()) & 0xFFFF_FFFFL;
      }
    }
    return number;
  }

  /**
   * Writes a number from 0 to 2^31 - 2 in Elias's gamma code: the length of {@code number + 1} in
   * ones that a zero ends, then its bits below the highest, of which the first is modelled.
   */
  void encodeNumber(int kind, int number) {
    int above = number + 1;
    int length = 31 - Integer.numberOfLeadingZeros(above);
    for (int i = 0; i < length; i++) {
      encodeBit(kind + i, 1);
    }
    if (length < 30) {
      encodeBit(kind + length, 0);
    }
    if (length > 0) {
      encodeBit(kind + MANTISSA_MODELS + length, above >>> (length - 1) & 1);
      encodeEvenly(above, length - 1);
    }
  }

  int decodeNumber(int kind) {
    int length = 0;
    while (length < 30 && decodeBit(kind + length) != 0) {
      length++;
    }
    if (length == 0) {
      return 0;
    }
    int above = 2 | decodeBit(kind + MANTISSA_MODELS + length);
    return (above << (length - 1) | decodeEvenly(length - 1)) - 1;
  }
}
