package io.tributary.codecs.element;

import io.tributary.codecs.internal.GpuDevice;
import io.tributary.codecs.internal.GpuLane;
import io.tributary.codecs.internal.GpuProgram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the OpenCL encoders of 16-bit numbers have in common. Values travel as their patterns, which
 * a program in Java has no other way to: so NaN keeps its payload, and all arithmetic is whole.
 */
public abstract class ElementEncodeProgram extends GpuProgram {
  /** Values that a work group encodes. */
  static final int TILE = 1024;

  /** The patterns of the values, up to a whole tile. */
  protected int[] bits = new int[0];

  /** The encoded numbers. */
  protected char[] codes = new char[0];

  /** Encodes values, at most {@code slice} of them; on the lane's thread. */
  final void encode(int slice, float[] values, int from, int count) {
    if (bits.length != slice) {
      bits = new int[slice];
      codes = new char[slice];
    }
    GpuLane.forEachRun(
        count,
        (first, run) -> {
          for (int i = first; i < first + run; i++) {
            bits[i] = Float.floatToRawIntBits(values[from + i]);
          }
        });
    put(bits);
    GpuDevice.execute(this, (count + TILE - 1) / TILE);
  }

  /** Fetches what was encoded. */
  final void getCodes(byte[] target, int at, int count) {
    get(codes);
    GpuLane.forEachRun(
        count,
        (first, run) ->
            ByteBuffer.wrap(target, at + Short.BYTES * first, Short.BYTES * run)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asCharBuffer()
                .put(codes, first, run));
  }
}
