package io.tributary.codecs.ecq;

/**
 * Binary logarithms, good to 2^-20, and powers from tables: the same bits on every machine, and
 * quick enough to be asked hundreds of times a chunk, without the objects that StrictMath makes.
 */
final class EcqLog2 {
  private static final int TABLE_BITS = 9;
  private static final double[] TABLE = table();
  private static final double[] POWERS = powers();
  private static final double LN2 = 0.6931471805599453;
  private static final double MANTISSA_UNIT = 0x1p-43;

  private EcqLog2() {}

  private static double[] powers() {
    var table = new double[1 << TABLE_BITS];
    for (int i = 0; i < table.length; i++) {
      table[i] = StrictMath.pow(2, i * 0x1p-9);
    }
    return table;
  }

  private static double[] table() {
    var table = new double[(1 << TABLE_BITS) + 1];
    for (int i = 0; i < table.length; i++) {
      table[i] = StrictMath.log(1 + i * 0x1p-9) / StrictMath.log(2);
    }
    return table;
  }

  /** The logarithm of a positive normal number. */
  static double of(double x) {
    long bits = Double.doubleToRawLongBits(x);
    int i = (int) (bits >>> (52 - TABLE_BITS)) & (1 << TABLE_BITS) - 1;
    double part = (bits & (1L << (52 - TABLE_BITS)) - 1) * MANTISSA_UNIT;
    return (bits >>> 52) - 1023 + TABLE[i] + part * (TABLE[i + 1] - TABLE[i]);
  }

  /** Two to a power between -1000 and 1000, good to 2^-30 of it. */
  static double exp2(double power) {
    double whole = Math.floor(power * (1 << TABLE_BITS));
    int i = (int) whole;
    double rest = (power - whole * 0x1p-9) * LN2;
    double part = POWERS[i & (1 << TABLE_BITS) - 1];
    return Math.scalb(part + part * (rest + rest * rest / 2), i >> TABLE_BITS);
  }
}
