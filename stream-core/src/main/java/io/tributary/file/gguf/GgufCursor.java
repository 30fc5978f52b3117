package io.tributary.file.gguf;

import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import io.tributary.file.MappedBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads a header from its beginning on and says where it breaks. For one thread. */
final class GgufCursor {
  private final MappedBytes file;
  private final byte[] word = new byte[Long.BYTES];
  private final ByteBuffer number = ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN);
  private long position;

  GgufCursor(MappedBytes file) {
    this(file, 0);
  }

  /** Begins at a byte. */
  GgufCursor(MappedBytes file, long position) {
    this.file = file;
    this.position = position;
  }

  /** The next byte. */
  long position() {
    return position;
  }

  byte int8() {
    return take(Byte.BYTES).get(0);
  }

  short int16() {
    return take(Short.BYTES).getShort(0);
  }

  int int32() {
    return take(Integer.BYTES).getInt(0);
  }

  long int64() {
    return take(Long.BYTES).getLong(0);
  }

  private ByteBuffer take(int bytes) {
    if (bytes > file.size() - position) {
      throw before(0, "expected " + bytes + " bytes, found the end");
    }
    file.read(position, word, 0, bytes);
    position += bytes;
    return number;
  }

  /** A count of things that take a byte at least. */
  int count(int most, String what) {
    long count = int64();
    long possible = Math.min(most, file.size() - position);
    if (count < 0 || count > possible) {
      throw before(
          Long.BYTES,
          what + ": expected 0 to " + possible + ", found " + Long.toUnsignedString(count));
    }
    return (int) count;
  }

  /** A text in UTF-8, with its length in front. */
  String text(int longest, String what) {
    var bytes = new byte[count(longest, "length of " + what)];
    file.read(position, bytes, 0, bytes.length);
    position += bytes.length;
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** An error in what was read {@code bytes} ago. */
  MalformedInputException before(int bytes, String what) {
    return at(position - bytes, what);
  }

  /** An error at a byte. */
  MalformedInputException at(long byteInFile, String what) {
    return new MalformedInputException(ErrorCode.STORAGE, file.path().toString(), byteInFile, what);
  }
}
