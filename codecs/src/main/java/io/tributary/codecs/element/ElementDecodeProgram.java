package io.tributary.codecs.element;

import io.tributary.codecs.internal.GpuDevice;
import io.tributary.codecs.internal.GpuLane;
import io.tributary.codecs.internal.GpuProgram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What the OpenCL decoders of 16-bit numbers have in common, see {@link ElementEncodeProgram}. */
public abstract class ElementDecodeProgram extends GpuProgram {
  /** The encoded numbers, up to a whole tile. */
  protected char[] codes = new char[0];

  /** The patterns of the values. */
  protected int[] bits = new int[0];

  /** Decodes numbers, at most {@code slice} of them; on the lane's thread. */
  final void decode(int slice, byte[] source, int at, int count) {
    if (bits.length != slice) {
      bits = new int[slice];
      codes = new char[slice];
    }
    GpuLane.forEachRun(
        count,
        (first, run) ->
            ByteBuffer.wrap(source, at + Short.BYTES * first, Short.BYTES * run)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asCharBuffer()
                .get(codes, first, run));
    put(codes);
    int tile = ElementEncodeProgram.TILE;
    GpuDevice.execute(this, (count + tile - 1) / tile);
  }

  /** Fetches what was decoded, or adds it to what is there. */
  final void getValues(float[] values, int from, int count, boolean add) {
    get(bits);
    GpuLane.forEachRun(
        count,
        (first, run) -> {
          for (int i = first; i < first + run; i++) {
            float x = Float.intBitsToFloat(bits[i]);
            values[from + i] = add ? values[from + i] + x : x;
          }
        });
  }
}
