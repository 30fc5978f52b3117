package io.tributary.codecs.lowrank;

import static io.tributary.codecs.lowrank.LowRankLayout.HEADER_BYTES;
import static io.tributary.codecs.lowrank.LowRankLayout.getNumber;
import static io.tributary.codecs.lowrank.LowRankLayout.putNumber;

import io.tributary.codec.CodecId;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.internal.NonFiniteValues;
import java.util.Objects;

/**
 * Writes and reads factors. Safe for any thread; the arrays that directions need belong to each
 * thread that encodes.
 */
final class LowRankCodec implements TensorCodec {
  private static final ThreadLocal<LowRankDirections> DIRECTIONS =
      ThreadLocal.withInitial(LowRankDirections::new);

  /** Values that should be encoded together: the fewer matrices, the fewer bytes. */
  private static final int CHUNK = 1 << 16;

  private final LowRankLayout layout;

  LowRankCodec(LowRankLayout layout) {
    this.layout = layout;
  }

  @Override
  public CodecId id() {
    return LowRankLayout.ID;
  }

  @Override
  public int blockElements() {
    return CHUNK;
  }

  @Override
  public int maxEncodedLength(int elements) {
    return Math.toIntExact(layout.bound(elements));
  }

  @Override
  public double bitsPerElement(int elements) {
    int width = layout.widthOf(elements);
    int rank = rank(elements, width);
    long length =
        isPlain(elements, width, rank)
            ? LowRankLayout.plainLength(elements)
            : LowRankLayout.length(elements, width, rank);
    return (double) Byte.SIZE * length / elements;
  }

  private int rank(int count, int width) {
    return Math.min(layout.rank(), Math.min(width, LowRankLayout.rows(count, width)));
  }

  private static boolean isPlain(int count, int width, int rank) {
    return LowRankLayout.length(count, width, rank) >= LowRankLayout.plainLength(count);
  }

  @Override
  public int encode(float[] source, int from, int count, byte[] target, int at) {
    Objects.checkFromIndexSize(from, count, source.length);
    Objects.checkFromIndexSize(at, maxEncodedLength(count), target.length);
    float largest = 0;
    for (int i = from; i < from + count; i++) {
      float magnitude = Math.abs(source[i]);
      if (!(magnitude <= Float.MAX_VALUE)) {
        throw NonFiniteValues.refuse(source, from, count, "lowrank");
      }
      largest = Math.max(largest, magnitude);
    }
    int width = layout.widthOf(count);
    int rank = rank(count, width);
    return isPlain(count, width, rank)
        ? plain(source, from, count, target, at)
        : factors(source, from, count, width, rank, largest, target, at);
  }

  private static int plain(float[] source, int from, int count, byte[] target, int at) {
    int length = (int) LowRankLayout.plainLength(count);
    LowRankLayout.putHeader(target, at, 0, 0, 0);
    for (int i = 0; i < count; i++) {
      putNumber(target, at + HEADER_BYTES + 2 * i, source[from + i]);
    }
    return length;
  }

  private static int factors(
      float[] source,
      int from,
      int count,
      int width,
      int mostRank,
      float largest,
      byte[] target,
      int at) {
    LowRankDirections directions = DIRECTIONS.get();
    double unit = largest > 0 ? Math.scalb(1.0, -2 * Math.getExponent((double) largest)) : 0;
    int rank = directions.find(source, from, count, width, mostRank, unit);
    int length = (int) LowRankLayout.length(count, width, rank);
    int to = at + HEADER_BYTES;
    for (int i = 0; i < rank * width; i++) {
      putNumber(target, to, (float) directions.columns[i]);
      // What the receiver has: P makes up for some of the rounding.
      directions.columns[i] = getNumber(target, to);
      to += 2;
    }
    double most = 0;
    for (int i = 0; i < count; i += width) {
      for (int c = 0; c < rank; c++) {
        int values = Math.min(width, count - i);
        most = Math.max(most, Math.abs(directions.product(source, from + i, values, c * width)));
      }
    }
    int exponent = most > 0 ? Math.getExponent(most) : 0;
    double scale = Math.scalb(1.0, -exponent);
    for (int i = 0; i < count; i += width) {
      for (int c = 0; c < rank; c++) {
        int values = Math.min(width, count - i);
        double product = directions.product(source, from + i, values, c * width);
        putNumber(target, to, (float) (product * scale));
        to += 2;
      }
    }
    LowRankLayout.putHeader(target, at, width, rank, exponent);
    return length;
  }

  @Override
  public void decode(byte[] source, int at, int length, int count, float[] target, int from) {
    check(source, at, length, count, target, from);
    read(source, at, count, target, from, false);
  }

  @Override
  public void accumulate(byte[] source, int at, int length, int count, float[] target, int from) {
    check(source, at, length, count, target, from);
    read(source, at, count, target, from, true);
  }

  private static void check(
      byte[] source, int at, int length, int count, float[] target, int from) {
    Objects.checkFromIndexSize(at, length, source.length);
    Objects.checkFromIndexSize(from, count, target.length);
    LowRankLayout.check(source, at, length, count);
  }

  private static void read(
      byte[] source, int at, int count, float[] target, int from, boolean adding) {
    int width = LowRankLayout.width(source, at);
    int rank = LowRankLayout.rank(source, at);
    double scale = Math.scalb(1.0, LowRankLayout.exponent(source, at));
    int first = at + HEADER_BYTES;
    int rows = first + 2 * rank * width;
    for (int i = 0, row = 0, column = 0; i < count; i++) {
      float value;
      if (width == 0) {
        value = getNumber(source, first + 2 * i);
      } else {
        double sum = 0;
        for (int c = 0; c < rank; c++) {
          double p = getNumber(source, rows + 2 * (row * rank + c));
          sum += p * getNumber(source, first + 2 * (c * width + column));
        }
        double scaled = sum * scale;
        value = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, scaled));
        if (++column == width) {
          column = 0;
          row++;
        }
      }
      target[from + i] = adding ? target[from + i] + value : value;
    }
  }
}
