package io.tributary.codecs.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether OpenCL programs can run, and whether they should. Nothing of Aparapi is touched before a
 * driver is known to be there, so this class is safe to ask on any machine. Safe for any thread.
 */
public final class GpuSupport {
  /* Where Linux registers drivers, one file each; other systems are asked through Aparapi. */
  private static final Path DRIVERS = Path.of("/etc/OpenCL/vendors");
  private static final String PROCESSOR_DRIVER = "pocl";

  private GpuSupport() {}

  /** Why programs can't run here, or the empty string if they can. */
  public static String unusableBecause() {
    if (System.getProperty("os.name", "").equals("Linux") && drivers().isEmpty()) {
      return "no OpenCL driver in " + DRIVERS;
    }
    try {
      return GpuDevice.failure();
    } catch (LinkageError e) {
      return "Aparapi can't be loaded: " + e;
    }
  }

  /**
   * Why programs should run only on request, or the empty string. May be asked first: where the
   * only driver is known to use the processor, it answers without loading it.
   */
  public static String discouragedBecause() {
    List<String> drivers = drivers();
    if (!drivers.isEmpty() && drivers.stream().allMatch(d -> d.startsWith(PROCESSOR_DRIVER))) {
      return "the only OpenCL driver, " + PROCESSOR_DRIVER + ", uses the processor";
    }
    return unusableBecause().isEmpty() && !GpuDevice.isAccelerator()
        ? "the only OpenCL device is the processor, " + detail()
        : "";
  }

  /** The device's name; call only if programs can run. */
  public static String detail() {
    return GpuDevice.name();
  }

  /** The last execution of any program, or null before the first. */
  public static @Nullable GpuExecution lastExecution() {
    return GpuDevice.lastExecution();
  }

  private static List<String> drivers() {
    var names = new ArrayList<String>();
    if (Files.isDirectory(DRIVERS)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(DRIVERS, "*.icd")) {
        files.forEach(file -> names.add(String.valueOf(file.getFileName())));
      } catch (IOException | java.nio.file.DirectoryIteratorException e) {
        // A folder that can't be read is as good as none.
        names.clear();
      }
    }
    return names;
  }
}
