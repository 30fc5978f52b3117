package io.tributary.bench.demo;

import java.util.Locale;

/** Numbers of bytes as people read them, in powers of ten. */
final class ByteText {
  private ByteText() {}

  static String of(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    String[] units = {"kB", "MB", "GB", "TB"};
    double value = bytes / 1000.0;
    int unit = 0;
    while (value >= 999.95 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }
}
