package io.tributary.codecs.int4search;

import static io.tributary.codecs.int4search.Int4SearchLayout.BASE_BYTES;
import static io.tributary.codecs.int4search.Int4SearchLayout.GROUP;
import static io.tributary.codecs.int4search.Int4SearchLayout.GROUP_BYTES;
import static io.tributary.codecs.int4search.Int4SearchLayout.LARGEST_BASE;
import static io.tributary.codecs.int4search.Int4SearchLayout.SCALES;
import static io.tributary.codecs.int4search.Int4SearchLayout.SCALE_SHIFT;
import static io.tributary.codecs.int4search.Int4SearchLayout.SMALLEST_BASE;
import static io.tributary.codecs.int4search.Int4SearchLayout.SUPERBLOCK;
import static io.tributary.codecs.int4search.Int4SearchLayout.SUPERBLOCK_BYTES;
import static io.tributary.codecs.int4search.Int4SearchLayout.corrupt;

import io.tributary.codec.CodecId;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.internal.NonFiniteValues;
import java.util.Arrays;
import java.util.Objects;

/**
 * The shell of int4search: checks, superblocks, short groups. Safe for any thread; one group of
 * values belongs to each thread that calls.
 */
final class Int4SearchCodec implements TensorCodec {
  private static final int INFINITY = 0x7F80_0000;

  /** How many places the largest value's scale lies below the superblock's largest. */
  private static final int ROOM = 3;

  private static final ThreadLocal<float[]> ONE_GROUP =
      ThreadLocal.withInitial(() -> new float[GROUP]);

  private final Int4SearchKernel kernel;

  Int4SearchCodec(Int4SearchKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public CodecId id() {
    return Int4SearchLayout.ID;
  }

  @Override
  public int blockElements() {
    return SUPERBLOCK;
  }

  @Override
  public int maxEncodedLength(int elements) {
    return Math.toIntExact(Int4SearchLayout.length(elements));
  }

  @Override
  public int encode(float[] source, int from, int count, byte[] target, int at) {
    Objects.checkFromIndexSize(from, count, source.length);
    int length = maxEncodedLength(count);
    Objects.checkFromIndexSize(at, length, target.length);
    int first = kernel.encodeFirst(source, from, count, target, at);
    if (first < 0) {
      throw NonFiniteValues.refuse(source, from, count, "int4search");
    }
    int to = at + SUPERBLOCK_BYTES * (first / SUPERBLOCK);
    for (int i = first; i < count; i += SUPERBLOCK) {
      int now = Math.min(SUPERBLOCK, count - i);
      int largest = kernel.largestMagnitude(source, from + i, now);
      if (largest >= INFINITY) {
        throw NonFiniteValues.refuse(source, from, count, "int4search");
      }
      int base = base(largest);
      Int4SearchLayout.putBase(target, to, base);
      to += BASE_BYTES;
      for (int j = i; j < i + now; j += GROUP, to += GROUP_BYTES) {
        if (i + now - j >= GROUP) {
          kernel.encode(source, from + j, base, target, to);
        } else {
          float[] group = ONE_GROUP.get();
          Arrays.fill(group, 0f);
          System.arraycopy(source, from + j, group, 0, i + now - j);
          kernel.encode(group, 0, base, target, to);
        }
      }
    }
    return length;
  }

  private static int base(int largest) {
    float fitting = Float.intBitsToFloat(largest) * Int4SearchBook.FLAT.end();
    int base = (Float.floatToRawIntBits(fitting) >> SCALE_SHIFT) + ROOM - SCALES;
    return Math.max(SMALLEST_BASE, Math.min(base, LARGEST_BASE));
  }

  @Override
  public void decode(byte[] source, int at, int length, int count, float[] target, int from) {
    check(source, at, length, count, target, from);
    int first = kernel.decodeFirst(source, at, count, target, from);
    int next = at + SUPERBLOCK_BYTES * (first / SUPERBLOCK);
    read(source, next, count - first, target, from + first, false);
  }

  @Override
  public void accumulate(byte[] source, int at, int length, int count, float[] target, int from) {
    check(source, at, length, count, target, from);
    read(source, at, count, target, from, true);
  }

  private void read(byte[] source, int at, int count, float[] target, int from, boolean adding) {
    float[] group = ONE_GROUP.get();
    int next = at;
    int base = 0;
    for (int i = 0; i < count; i += GROUP) {
      if (i % SUPERBLOCK == 0) {
        base = Int4SearchLayout.getBase(source, next);
        next += BASE_BYTES;
      }
      int now = Math.min(GROUP, count - i);
      if (now == GROUP && !adding) {
        kernel.decode(source, next, base, target, from + i);
      } else {
        kernel.decode(source, next, base, group, 0);
        put(group, now, target, from + i, adding);
      }
      next += GROUP_BYTES;
    }
  }

  private static void put(float[] group, int count, float[] target, int from, boolean adding) {
    if (adding) {
      for (int i = 0; i < count; i++) {
        target[from + i] += group[i];
      }
    } else {
      System.arraycopy(group, 0, target, from, count);
    }
  }

  private static void check(
      byte[] source, int at, int length, int count, float[] target, int from) {
    Objects.checkFromIndexSize(at, length, source.length);
    Objects.checkFromIndexSize(from, count, target.length);
    long expected = Int4SearchLayout.length(count);
    if (length != expected) {
      throw corrupt(
          Math.min(length, expected),
          "expected " + expected + " bytes for " + count + " values, found " + length);
    }
    int offset = 0;
    for (int i = 0; i < count; i += SUPERBLOCK) {
      int base = Int4SearchLayout.getBase(source, at + offset);
      if (base < SMALLEST_BASE || base > LARGEST_BASE) {
        throw corrupt(
            offset,
            "expected a base from " + SMALLEST_BASE + " to " + LARGEST_BASE + ", found " + base);
      }
      offset += SUPERBLOCK_BYTES;
    }
  }
}
