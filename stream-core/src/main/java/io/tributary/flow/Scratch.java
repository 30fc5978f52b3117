package io.tributary.flow;

/** Arrays of one subscription, grown when needed and reused. Belongs to one thread at a time. */
final class Scratch {
  private byte[] bytes = new byte[0];
  private float[] values = new float[0];

  byte[] bytes(int length) {
    if (bytes.length < length) {
      bytes = new byte[length];
    }
    return bytes;
  }

  float[] values(int count) {
    if (values.length < count) {
      values = new float[count];
    }
    return values;
  }
}
