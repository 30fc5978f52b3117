package io.tributary.bench.cluster;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Linux and the JDK's own tools say of the memory of a JVM. */
public final class ProcessMemory {
  /** A space of the serial collector, whose names differ from one release of Java to the next. */
  private static final Pattern USED = Pattern.compile(" total \\d+K, used (\\d+)K");

  private final long pid;

  /** Of the process of this number. */
  public ProcessMemory(long pid) {
    this.pid = pid;
  }

  /** Bytes in memory that belong to no file. */
  public long anonymous() {
    return status("RssAnon");
  }

  /** Bytes in memory. */
  public long resident() {
    return status("VmRSS");
  }

  private long status(String field) {
    Path file = Path.of("/proc", Long.toString(pid), "status");
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(field + ":")) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
      throw new TributaryException(
          ErrorCode.STORAGE, file + ": expected a line " + field + ", as Linux writes it");
    } catch (IOException e) {
      throw Errors.storage(file, "can't read", e);
    }
  }

  /**
   * Bytes of the heap that live after a full collection; the JVM runs with the serial collector.
   */
  public long liveHeap() {
    jcmd("GC.run");
    String info = jcmd("GC.heap_info");
    Matcher used = USED.matcher(info);
    long bytes = 0;
    while (used.find()) {
      bytes += Long.parseLong(used.group(1)) << 10;
    }
    if (bytes == 0) {
      throw new TributaryException(
          ErrorCode.INTERNAL, "jcmd GC.heap_info: expected spaces in use, found " + info.strip());
    }
    return bytes;
  }

  private String jcmd(String command) {
    Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      Process process =
          new ProcessBuilder(tool.toString(), Long.toString(pid), command)
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new TributaryException(ErrorCode.INTERNAL, "jcmd " + command + ": " + output.strip());
      }
      return output;
    } catch (IOException e) {
      throw Errors.storage(tool, "can't run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TributaryException(ErrorCode.CANCELLED, "interrupted", e);
    }
  }
}
