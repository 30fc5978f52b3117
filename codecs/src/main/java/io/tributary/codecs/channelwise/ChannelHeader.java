package io.tributary.codecs.channelwise;

import io.tributary.codec.CutRows;
import io.tributary.codec.RowKind;
import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The head of a message, which says how its body is to be read.
 *
 * @param form what the body is
 * @param width bits of every channel, or 0 if a table says so
 * @param version the table's version; 0 without one
 * @param exponent the power of two of steps and offsets
 * @param channels columns of the body
 * @param rows the rows
 * @param length bytes of this head
 */
public record ChannelHeader(
    Form form, int width, int version, int exponent, int channels, CutRows rows, int length) {
  /** Bytes of the shortest head. */
  public static final int LEAST_BYTES = 20;

  private static final int WIDTH_OFFSET = 1;
  private static final int EXPONENT_OFFSET = 2;
  private static final int FLAGS_OFFSET = 3;
  private static final int ROWS_OFFSET = 4;
  private static final int CHANNELS_OFFSET = 8;
  private static final int MESSAGE_OFFSET = 12;
  private static final int VERSION_OFFSET = 16;
  private static final int KINDS_FLAG = 1;
  private static final int SAMPLES_FLAG = 2;
  private static final int KINDS_A_BYTE = 4;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** What a body is; numbers are explicit and never re-used. */
  public enum Form {
    /** Steps and offsets, codes to nearest, exceptions, first rows. */
    ASYMMETRIC(1),
    /** Steps around zero, and codes. */
    SYMMETRIC(2),
    /** Something else, of which the codec that wrote it knows. */
    OTHER(3);

    private final int number;

    Form(int number) {
      this.number = number;
    }

    /** The number on the wire, 8 bits. */
    public int number() {
      return number;
    }
  }

  /** The most bytes of the head of so many rows, each a sample of its own. */
  public static int maxLength(int rows) {
    return LEAST_BYTES + rows / KINDS_A_BYTE + 1 + Integer.BYTES * (rows + 1);
  }

  /** Writes a head; returns its length. */
  public static int write(
      Form form,
      int width,
      int version,
      int exponent,
      int channels,
      CutRows rows,
      byte[] target,
      int at) {
    int flags = (rows.hasKinds() ? KINDS_FLAG : 0) | (rows.samples() > 0 ? SAMPLES_FLAG : 0);
    target[at] = (byte) form.number();
    target[at + WIDTH_OFFSET] = (byte) width;
    target[at + EXPONENT_OFFSET] = (byte) exponent;
    target[at + FLAGS_OFFSET] = (byte) flags;
    INT.set(target, at + ROWS_OFFSET, rows.count());
    INT.set(target, at + CHANNELS_OFFSET, channels);
    INT.set(target, at + MESSAGE_OFFSET, rows.message());
    INT.set(target, at + VERSION_OFFSET, version);
    int next = at + LEAST_BYTES;
    if (rows.hasKinds()) {
      for (int row = 0; row < rows.count(); row += KINDS_A_BYTE) {
        int kinds = 0;
        for (int i = row; i < Math.min(rows.count(), row + KINDS_A_BYTE); i++) {
          kinds |= rows.kind(i) << (2 * (i - row));
        }
        target[next++] = (byte) kinds;
      }
    }
    if (rows.samples() > 0) {
      INT.set(target, next, rows.samples());
      for (int i = 0; i < rows.samples(); i++) {
        next += Integer.BYTES;
        INT.set(target, next, rows.sample(i));
      }
      next += Integer.BYTES;
    }
    return next - at;
  }

  /**
   * Reads a head.
   *
   * @param maxRows the most rows that are accepted
   * @param maxSamples the numbers of samples lie below it
   * @throws MalformedInputException {@code CORRUPT_PAYLOAD} for anything that can't be one
   */
  public static ChannelHeader read(byte[] source, int at, int length, int maxRows, int maxSamples) {
    expect(length >= LEAST_BYTES, length, "at least " + LEAST_BYTES + " bytes");
    Form form = formOf(source[at]);
    int width = source[at + WIDTH_OFFSET];
    expect(width == 0 || ChannelGrid.acceptsWidth(width), WIDTH_OFFSET, "a width of 0 or 2 to 8");
    int exponent = source[at + EXPONENT_OFFSET];
    expect(ChannelGrid.acceptsExponent(exponent), EXPONENT_OFFSET, "a power of two in range");
    int flags = source[at + FLAGS_OFFSET];
    expect((flags & ~(KINDS_FLAG | SAMPLES_FLAG)) == 0, FLAGS_OFFSET, "known flags");
    int count = (int) INT.get(source, at + ROWS_OFFSET);
    expect(count >= 0 && count <= maxRows, ROWS_OFFSET, "0 to " + maxRows + " rows");
    int channels = (int) INT.get(source, at + CHANNELS_OFFSET);
    expect(channels > 0, CHANNELS_OFFSET, "1 channel or more");
    int message = (int) INT.get(source, at + MESSAGE_OFFSET);
    expect(message >= 0, MESSAGE_OFFSET, "a message below 2^31");
    int version = (int) INT.get(source, at + VERSION_OFFSET);
    expect(version >= 0, VERSION_OFFSET, "a version below 2^31");
    CutRows rows = CutRows.ordinary(message, count);
    int next = LEAST_BYTES;
    if ((flags & KINDS_FLAG) != 0) {
      int bytes = (count + KINDS_A_BYTE - 1) / KINDS_A_BYTE;
      expect(length - next >= bytes, length, "kinds of " + count + " rows");
      rows = rows.withKinds(kindsOf(source, at + next, count, next));
      next += bytes;
    }
    if ((flags & SAMPLES_FLAG) != 0) {
      expect(length - next >= Integer.BYTES, length, "a number of samples");
      int samples = (int) INT.get(source, at + next);
      boolean even = samples > 0 && samples <= count && count % samples == 0;
      expect(even, next, "a number of samples that divides " + count + " rows");
      next += Integer.BYTES;
      expect((length - next) / Integer.BYTES >= samples, length, samples + " samples");
      var numbers = new int[samples];
      for (int i = 0; i < samples; i++, next += Integer.BYTES) {
        numbers[i] = (int) INT.get(source, at + next);
        boolean known = numbers[i] >= 0 && numbers[i] < maxSamples;
        expect(known, next, "a sample below " + maxSamples);
      }
      rows = rows.ofSamples(numbers);
    }
    return new ChannelHeader(form, width, version, exponent, channels, rows, next);
  }

  private static Form formOf(int number) {
    for (Form form : Form.values()) {
      if (form.number == number) {
        return form;
      }
    }
    throw corrupt(0, "expected a form of 1 to 3, found " + number);
  }

  private static byte[] kindsOf(byte[] source, int at, int count, int offset) {
    var kinds = new byte[count];
    for (int i = 0; i < count; i++) {
      int kind = (source[at + i / KINDS_A_BYTE] >> (2 * (i % KINDS_A_BYTE))) & 3;
      expect(kind <= RowKind.PADDING.number(), offset + i / KINDS_A_BYTE, "known kinds of rows");
      kinds[i] = (byte) kind;
    }
    return kinds;
  }

  /** Fails unless something holds of the byte at an offset. */
  public static void expect(boolean holds, long offset, String what) {
    if (!holds) {
      throw corrupt(offset, "expected " + what);
    }
  }

  /** The error for bytes of a cut's message. */
  public static MalformedInputException corrupt(long offset, String expectation) {
    return new MalformedInputException(
        ErrorCode.CORRUPT_PAYLOAD, "message across a cut", offset, expectation);
  }
}
