package io.tributary.codecs.channelwise;

import static io.tributary.codecs.channelwise.ChannelHeader.corrupt;
import static io.tributary.codecs.channelwise.ChannelHeader.expect;

import java.util.Arrays;
import java.util.Objects;

/** Reads the bodies of messages. Belongs to one thread. */
public final class ChannelDecoder {
  private final ChannelKernel kernel;
  private final int channels;
  private final ChannelGrid grid;
  private final ChannelRows rows = new ChannelRows();
  private final byte[] even;
  private int next;

  /** A decoder of messages of so many channels. */
  public ChannelDecoder(ChannelKernel kernel, int channels) {
    this.kernel = kernel;
    this.channels = channels;
    grid = new ChannelGrid(channels);
    even = new byte[channels];
  }

  /**
   * Reads a body behind its head.
   *
   * @param form what it must be
   * @param widths of the table, unless the head has the width
   * @throws io.tributary.error.MalformedInputException {@code CORRUPT_PAYLOAD}; the target may hold
   *     anything then
   */
  public void decode(
      ChannelHeader head,
      ChannelHeader.Form form,
      byte[] widths,
      byte[] source,
      int at,
      int length,
      float[] target,
      int from) {
    expect(head.form() == form, 0, "form " + form.number());
    expect(head.channels() == channels, 8, channels + " channels, found " + head.channels());
    int count = head.rows().count();
    Objects.checkFromIndexSize(from, Math.multiplyExact(count, channels), target.length);
    boolean asymmetric = form == ChannelHeader.Form.ASYMMETRIC;
    rows.select(head.rows(), channels, from, !asymmetric);
    if (head.width() != 0) {
      Arrays.fill(even, (byte) head.width());
    }
    grid.setWidths(head.width() != 0 ? even : widths);
    grid.exponent = head.exponent();
    next = at + head.length();
    int end = at + length;
    long halves = (asymmetric ? 2L : 1L) * channels * Short.BYTES;
    long packed = grid.packedLength(rows.count);
    expect(end - next >= halves + packed, length, "codes of " + rows.count + " rows");
    readHalves(grid.halfSteps, source, at, true);
    if (asymmetric) {
      readHalves(grid.halfOffsets, source, at, false);
      grid.prepare();
    } else {
      grid.prepareSymmetric();
    }
    expect(grid.isFinite(), head.length(), "steps and offsets within range");
    if (head.rows().hasKinds()) {
      Arrays.fill(target, from, from + count * channels, 0f);
    }
    kernel.unpack(source, next, rows.count, grid, target, rows.at);
    next += (int) packed;
    if (asymmetric) {
      readExceptions(source, at, end, target);
      readFirstRows(source, at, end, target);
    }
    expect(next == end, next - at, "the end, found " + (end - next) + " bytes more");
  }

  private void readHalves(short[] halves, byte[] source, int at, boolean steps) {
    for (int c = 0; c < channels; c++) {
      int half = getHalf(source, next);
      expect(HalfFloat.isFinite(half) && (!steps || half >= 0), next - at, "a number");
      halves[c] = (short) half;
      next += Short.BYTES;
    }
  }

  private void readExceptions(byte[] source, int at, int end, float[] target) {
    int number = getNumber(source, at, end);
    long last = (long) rows.count * channels;
    expect(number <= last, next - at, "at most " + last + " exceptions");
    long place = -1;
    for (int i = 0; i < number; i++) {
      place += 1L + getNumber(source, at, end);
      expect(place < last, next - at, "an exception within the rows");
      int where = rows.at[(int) (place % rows.count)] + (int) (place / rows.count);
      target[where] = readHalf(source, at, end);
    }
  }

  private void readFirstRows(byte[] source, int at, int end, float[] target) {
    for (int i = 0; i < rows.firsts; i++) {
      for (int c = 0; c < channels; c++) {
        target[rows.first[i] + c] = readHalf(source, at, end);
      }
    }
  }

  private float readHalf(byte[] source, int at, int end) {
    expect(end - next >= Short.BYTES, next - at, "a half");
    int half = getHalf(source, next);
    expect(HalfFloat.isFinite(half), next - at, "a number");
    next += Short.BYTES;
    return Math.scalb(HalfFloat.toFloat(half), grid.exponent);
  }

  private static short getHalf(byte[] source, int at) {
    return (short) ((source[at] & 0xFF) | (source[at + 1] << Byte.SIZE));
  }

  private int getNumber(byte[] source, int at, int end) {
    int number = 0;
    for (int shift = 0; shift < 28; shift += 7) {
      expect(next < end, next - at, "a number");
      int read = source[next++];
      number |= (read & 0x7F) << shift;
      if (read >= 0) {
        return number;
      }
    }
    throw corrupt(next - at, "expected a number below 2^28");
  }
}
