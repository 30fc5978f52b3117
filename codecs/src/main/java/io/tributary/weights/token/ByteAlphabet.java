package io.tributary.weights.token;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How GPT-2's vocabulary writes bytes as characters: printing ones of Latin-1 as themselves, all
 * others in their order from U+0100.
 */
final class ByteAlphabet {
  private static final char[] CHARACTERS = new char[256];
  private static final Map<Character, Byte> BYTES = new HashMap<>();

  static {
    char next = 0x100;
    for (int value = 0; value < CHARACTERS.length; value++) {
      boolean printing = (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD);
      CHARACTERS[value] = printing ? (char) value : next++;
      BYTES.put(CHARACTERS[value], (byte) value);
    }
  }

  private ByteAlphabet() {}

  /** The character of a byte from 0 to 255. */
  static char character(int value) {
    return CHARACTERS[value];
  }

  /** The characters of bytes. */
  static String text(byte[] bytes) {
    var text = new StringBuilder(bytes.length);
    for (byte value : bytes) {
      text.append(character(Byte.toUnsignedInt(value)));
    }
    return text.toString();
  }

  /** The bytes of a piece, or empty if it has a character that stands for none. */
  static Optional<byte[]> bytes(String piece) {
    var bytes = new byte[piece.length()];
    for (int i = 0; i < bytes.length; i++) {
      Byte value = BYTES.get(piece.charAt(i));
      if (value == null) {
        return Optional.empty();
      }
      bytes[i] = value;
    }
    return Optional.of(bytes);
  }
}
