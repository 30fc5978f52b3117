package io.tributary.file;

import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import java.nio.charset.StandardCharsets;

/**
 * A walk over the fields of protobuf messages that lie in one another. It remembers where it
 * stands; a field of a known length is entered by walking on, or left by {@link #skip}.
 *
 * <p>All methods that read throw {@link MalformedInputException} with {@code STORAGE} for bytes
 * that are no such fields. Belongs to one thread.
 */
public final class ProtobufFields {
  private static final int WINDOW = 256;
  private static final int MOST_VARINT_BYTES = 10;
  private static final int PAYLOAD_BITS = 7;
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  /** Bytes to read from. */
  @FunctionalInterface
  public interface Source {
    /** Copies bytes that are there. */
    void read(long at, byte[] target, int offset, int count);
  }

  private final String where;
  private final long size;
  private final Source source;
  private final byte[] window = new byte[WINDOW];
  private long windowAt;
  private int windowLength;
  private long at;
  private int field;
  private int wireType;

  /**
   * A walk from the first byte on.
   *
   * @param where the file, for messages
   */
  public ProtobufFields(String where, long size, Source source) {
    this.where = where;
    this.size = size;
    this.source = source;
  }

  /** The bytes that there are. */
  public long size() {
    return size;
  }

  /** The next byte to be read. */
  public long at() {
    return at;
  }

  /**
   * Goes to the next field.
   *
   * @param end where the message that is walked over ends
   * @return whether there is one
   */
  public boolean next(long end) {
    if (at == end) {
      return false;
    }
    long begin = at;
    long key = varint(end);
    field = (int) Math.min(key >>> 3, Integer.MAX_VALUE);
    wireType = (int) (key & 7);
    if (field == 0) {
      throw malformed(begin, "expected a field from 1 on, found 0");
    }
    return true;
  }

  /** The number of the field that was gone to. */
  public int field() {
    return field;
  }

  /** Whether the field has a length: a message, text, bytes or packed numbers. */
  public boolean hasLength() {
    return wireType == LENGTH;
  }

  /** Reads the length of the field; returns where it ends. Its content begins at {@link #at}. */
  public long enter(long end) {
    expect(LENGTH);
    long begin = at;
    long length = varint(end);
    if (length < 0 || length > end - at) {
      throw malformed(begin, "expected a length up to " + (end - at) + ", found " + length);
    }
    return at + length;
  }

  /** Reads the field's number. */
  public long number(long end) {
    expect(VARINT);
    return varint(end);
  }

  /** Reads a number that stands among packed ones. */
  public long packed(long end) {
    return varint(end);
  }

  /** Reads a text of limited length. */
  public String text(long end, int mostBytes) {
    long begin = at;
    long textEnd = enter(end);
    int length = (int) Math.min(textEnd - at, (long) mostBytes + 1);
    if (length > mostBytes) {
      throw malformed(begin, "expected a name of at most " + mostBytes + " bytes, found more");
    }
    var bytes = new byte[length];
    source.read(at, bytes, 0, length);
    at = textEnd;
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Goes over the field's content. */
  public void skip(long end) {
    switch (wireType) {
      case VARINT -> varint(end);
      case LENGTH -> at = enter(end);
      case FIXED32 -> goOver(Integer.BYTES, end);
      case FIXED64 -> goOver(Long.BYTES, end);
      default -> throw malformed(at, "expected a wire type of 0, 1, 2 or 5, found " + wireType);
    }
  }

  /** Goes to the end of a field that was entered. */
  public void leave(long fieldEnd) {
    at = fieldEnd;
  }

  private void goOver(int bytes, long end) {
    if (bytes > end - at) {
      throw malformed(at, "expected " + bytes + " bytes, found " + (end - at));
    }
    at += bytes;
  }

  private void expect(int type) {
    if (wireType != type) {
      throw malformed(
          at, "expected wire type " + type + " of field " + field + ", found " + wireType);
    }
  }

  private long varint(long end) {
    long begin = at;
    long value = 0;
    for (int i = 0; i < MOST_VARINT_BYTES; i++) {
      if (at >= end) {
        throw malformed(at, "expected a number, found the end of its message");
      }
      int b = nextByte();
      value |= (long) (b & 0x7F) << (PAYLOAD_BITS * i);
      if (b < 0x80) {
        return value;
      }
    }
    throw malformed(
        begin, "expected a number of at most " + MOST_VARINT_BYTES + " bytes, found more");
  }

  private int nextByte() {
    if (at < windowAt || at >= windowAt + windowLength) {
      windowLength = (int) Math.min(WINDOW, size - at);
      source.read(at, window, 0, windowLength);
      windowAt = at;
    }
    return window[(int) (at++ - windowAt)] & 0xFF;
  }

  /** An error at a byte of what is walked over. */
  public MalformedInputException malformed(long offset, String what) {
    return new MalformedInputException(ErrorCode.STORAGE, where, offset, what);
  }
}
