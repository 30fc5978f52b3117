package io.tributary.weights.model;

/** Turns pairs of neighbours in each head by angles that grow with the position. Thread-safe. */
final class RotaryPositions {
  private final int headWidth;
  private final float[] cosines;
  private final float[] sines;

  /** For positions below {@code context}, in heads of an even width. */
  RotaryPositions(int context, int headWidth, double base) {
    this.headWidth = headWidth;
    int pairs = headWidth / 2;
    cosines = new float[Math.multiplyExact(context, pairs)];
    sines = new float[context * pairs];
    for (int i = 0; i < pairs; i++) {
      double speed = StrictMath.pow(base, -2.0 * i / headWidth);
      for (int t = 0; t < context; t++) {
        cosines[t * pairs + i] = (float) StrictMath.cos(t * speed);
        sines[t * pairs + i] = (float) StrictMath.sin(t * speed);
      }
    }
  }

  /** Turns {@code count} vectors of {@code width} values, which are whole heads, in place. */
  void turn(float[] vectors, int count, int width) {
    int pairs = headWidth / 2;
    for (int t = 0; t < count; t++) {
      for (int i = 0; i < width / 2; i++) {
        int at = t * width + 2 * i;
        float cosine = cosines[t * pairs + i % pairs];
        float sine = sines[t * pairs + i % pairs];
        float first = vectors[at];
        float second = vectors[at + 1];
        vectors[at] = first * cosine - second * sine;
        vectors[at + 1] = first * sine + second * cosine;
      }
    }
  }
}
