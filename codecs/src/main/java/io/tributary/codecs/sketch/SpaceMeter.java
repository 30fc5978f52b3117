package io.tributary.codecs.sketch;

/** Makes a sketch's arrays and counts their bytes. */
final class SpaceMeter {
  private long held;
  private long peak;

  /** Arrays that are held until it is closed. */
  final class Scope implements AutoCloseable {
    private final long before = held;

    double[] doubles(int length) {
      return SpaceMeter.this.doubles(length);
    }

    @Override
    public void close() {
      held = before;
    }
  }

  Scope scope() {
    return new Scope();
  }

  double[] doubles(int length) {
    take((long) Double.BYTES * length);
    return new double[length];
  }

  float[] floats(int length) {
    take((long) Float.BYTES * length);
    return new float[length];
  }

  byte[] bytes(int length) {
    take(length);
    return new byte[length];
  }

  boolean[] booleans(int length) {
    take(length);
    return new boolean[length];
  }

  private void take(long bytes) {
    held += bytes;
    peak = Math.max(peak, held);
  }

  /** The most bytes that were held at once. */
  long peak() {
    return peak;
  }
}
