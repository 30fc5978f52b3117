package io.tributary.bench.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The most memory that this process had since the last {@link #reset}, as Linux counts it. */
final class PeakMemory {
  private static final Path RESET = Path.of("/proc/self/clear_refs");
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";
  private static final double MEGABYTES_OF_KIBIBYTES = 1024 / 1e6;

  private PeakMemory() {}

  /** Begins anew; where that isn't allowed the peak stays that of the whole process. */
  static void reset() {
    try {
      Files.writeString(RESET, "5");
    } catch (IOException e) {
      // Told as the peak of all so far, which is no less than that of this part.
      return;
    }
  }

  /** The peak in MB of 10^6 bytes, or NaN where it isn't known. */
  static double megabytes() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(PEAK)) {
          return Long.parseLong(line.replaceAll("\\D", "")) * MEGABYTES_OF_KIBIBYTES;
        }
      }
    } catch (IOException e) {
      return Double.NaN;
    }
    return Double.NaN;
  }
}
