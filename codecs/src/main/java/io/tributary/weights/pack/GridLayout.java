package io.tributary.weights.pack;

import io.tributary.weights.PartText;
import java.util.Arrays;

/**
 * {@code grid:4,g=128,scale=f16,zero=none}: codes of 1 to 8 bits on a uniform grid, whose step and
 * zero each group of consecutive values of a row has to itself.
 *
 * <p>A code c means {@code scale * (c - zero)}. A block of R rows with G groups each is
 *
 * <pre>
 *  R * G scales
 *  R * G zeros: none, where all are 2^(b-1) or (2^b - 1)/2; or b bits each, in planes as codes; or
 *      half precision
 *  b planes of R * ceil(width/8) bytes: the codes, see {@link BitPlanes}
 * </pre>
 *
 * <p>Without its lowest planes a code is taken to lie in the middle of what they could say.
 *
 * @param bits of a code, 1 to 8
 * @param group values of a group, the last of a row perhaps shorter; 0 for whole rows
 * @param scale the scales' type
 * @param zero the zeros' form
 */
public record GridLayout(int bits, int group, ScaleType scale, ZeroForm zero) implements RowLayout {
  /** The layout's name. */
  public static final String NAME = "grid";

  /** The largest group. */
  public static final int LARGEST_GROUP = 1 << 20;

  private static final CodeKernel KERNEL = CodeKernel.best();

  /** Checks the bounds. */
  public GridLayout {
    if (bits < 1 || bits > 8 || group < 0 || group > LARGEST_GROUP) {
      throw new IllegalArgumentException("bits " + bits + ", group " + group);
    }
  }

  /** How the code that means zero is known. */
  public enum ZeroForm {
    /** It is {@code 2^(b-1)} everywhere. */
    NONE,
    /** There is none: zero lies between the two middle codes everywhere. */
    MIDDLE,
    /** A code of each group. */
    CODE,
    /** A number of each group, in half precision. */
    F16
  }

  static GridLayout read(PartText text) {
    var layout =
        new GridLayout(
            text.number(1, 8),
            text.integer("g", 0, 0, LARGEST_GROUP),
            text.choice("scale", ScaleType.F16),
            text.choice("zero", ZeroForm.NONE));
    text.end();
    return layout;
  }

  /** Groups of a row. */
  public int groups(int width) {
    return group == 0 ? 1 : (width + group - 1) / group;
  }

  /** Values of a group but for the last of a row. */
  public int groupWidth(int width) {
    return group == 0 ? width : group;
  }

  /** The zero of all groups, where they have none of their own. */
  float commonZero() {
    return zero == ZeroForm.MIDDLE ? ((1 << bits) - 1) * 0.5f : 1 << (bits - 1);
  }

  private long zeroBytes(long rows, int width) {
    return switch (zero) {
      case NONE, MIDDLE -> 0;
      case CODE -> rows * bits * BitPlanes.planeBytes(groups(width));
      case F16 -> rows * groups(width) * Short.BYTES;
    };
  }

  private long codesAt(long rows, int width) {
    return rows * groups(width) * scale.bytes() + zeroBytes(rows, width);
  }

  @Override
  public long blockBytes(long rows, int width) {
    return codesAt(rows, width) + rows * bits * BitPlanes.planeBytes(width);
  }

  @Override
  public int[] cuts(int rows, int width) {
    var cuts = new int[bits - 1];
    for (int planes = 1; planes < bits; planes++) {
      cuts[planes - 1] = (int) codesAt(rows, width) + planes * rows * BitPlanes.planeBytes(width);
    }
    return cuts;
  }

  /** Packs rows of a matrix on this grid. */
  public byte[] pack(GridMatrix matrix, int first, int count) {
    int width = matrix.width();
    int groups = groups(width);
    var block = new byte[(int) blockBytes(count, width)];
    int at = 0;
    for (int i = first * groups; i < (first + count) * groups; i++) {
      scale.put(matrix.scales()[i], block, at);
      at += scale.bytes();
    }
    float[] zeros = matrix.zeros();
    if (zero == ZeroForm.CODE) {
      var codes = new byte[count * groups];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = (byte) (int) zeros[first * groups + i];
      }
      BitPlanes.pack(codes, 0, count, groups, bits, block, at);
      at += (int) zeroBytes(count, width);
    } else if (zero == ZeroForm.F16) {
      for (int i = first * groups; i < (first + count) * groups; i++) {
        ScaleType.F16.put(zeros[i], block, at);
        at += Short.BYTES;
      }
    }
    BitPlanes.pack(matrix.codes(), first * width, count, width, bits, block, at);
    return block;
  }

  @Override
  public void unpack(byte[] block, int rows, int width, float[] target, int at) {
    int groups = groups(width);
    int codesAt = (int) codesAt(rows, width);
    int planeBytes = rows * BitPlanes.planeBytes(width);
    int planes = planes(block.length, rows, width);
    float[] zeros = zeros(block, rows, groups);
    var codes = new byte[width + Long.BYTES];
    float middle = ((1 << (bits - planes)) - 1) * 0.5f;
    for (int row = 0; row < rows; row++) {
      int rowAt = codesAt + row * BitPlanes.planeBytes(width);
      BitPlanes.unpackRow(block, rowAt, planeBytes, width, bits, planes, codes, 0);
      for (int g = 0; g < groups; g++) {
        int index = row * groups + g;
        float step = scale.get(block, index * scale.bytes());
        float shift = zeros[index] - middle;
        int end = Math.min(width, (g + 1) * groupWidth(width));
        int from = g * groupWidth(width);
        KERNEL.decode(codes, from, end - from, step, shift, target, at + row * width + from);
      }
    }
  }

  private int planes(int length, int rows, int width) {
    if (length == blockBytes(rows, width)) {
      return bits;
    }
    int planes = 1 + Arrays.binarySearch(cuts(rows, width), length);
    if (planes < 1) {
      RowLayouts.checkLength(this, length, rows, width);
    }
    return planes;
  }

  private float[] zeros(byte[] block, int rows, int groups) {
    var zeros = new float[rows * groups];
    int at = rows * groups * scale.bytes();
    switch (zero) {
      case NONE, MIDDLE -> Arrays.fill(zeros, commonZero());
      case CODE -> {
        var codes = new byte[rows * groups + Long.BYTES];
        BitPlanes.unpack(block, at, rows, groups, bits, bits, codes);
        for (int i = 0; i < zeros.length; i++) {
          zeros[i] = codes[i] & 0xFF;
        }
      }
      case F16 -> {
        for (int i = 0; i < zeros.length; i++) {
          zeros[i] = ScaleType.F16.get(block, at + i * Short.BYTES);
        }
      }
    }
    return zeros;
  }

  @Override
  public String toString() {
    return NAME
        + ":"
        + bits
        + ",g="
        + group
        + ",scale="
        + PartText.text(scale)
        + ",zero="
        + PartText.text(zero);
  }
}
