package io.tributary.codecs.intblock;

import io.tributary.codecs.block.BlockDecodeProgram;

/** intblock's decoder for an OpenCL device, for every number of bits. */
class IntBlockDecodeProgram extends BlockDecodeProgram {
  @Override
  public void run() {
    load(codeBits * 32);
    int item = getLocalId();
    for (int i = 0; i < 8; i++) {
      int value = item + i * 128;
      int at = getGroupId() * 1024 + value;
      store(at, meaning(code(value)) * scales[at >> blockShift]);
    }
  }

  /** The code of a value of the tile, with its sign. */
  protected final int code(int value) {
    int inGroup = value & 63;
    int plane = (value >> 6) * codeBits * 8;
    int shift = 0;
    int code = 0;
    if ((codeBits & 4) != 0) {
      code = (signedByte(plane + (inGroup & 31)) >> ((inGroup >> 5) * 4)) & 15;
      plane = plane + 32;
      shift = 4;
    }
    if ((codeBits & 2) != 0) {
      int part = (signedByte(plane + (inGroup & 15)) >> ((inGroup >> 4) * 2)) & 3;
      code = code | (part << shift);
      plane = plane + 16;
      shift = shift + 2;
    }
    if ((codeBits & 1) != 0) {
      int part = (signedByte(plane + (inGroup & 7)) >> (inGroup >> 3)) & 1;
      code = code | (part << shift);
    }
    return (code << (32 - codeBits)) >> (32 - codeBits);
  }

  /** What a code means, to be multiplied by the scale. */
  protected final int meaning(int code) {
    int result = code;
    if (codeBits == 2) {
      result = 8 * code + 4;
    }
    if (codeBits == 3) {
      result = 4 * code;
    }
    return result;
  }
}
