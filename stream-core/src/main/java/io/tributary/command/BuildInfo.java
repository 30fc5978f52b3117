package io.tributary.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What this program is: version, commit, and the Java that runs it. */
public final class BuildInfo {
  private static final String RESOURCE = "build.properties";

  private BuildInfo() {}

  /** The version of the build. */
  public static String version() {
    var properties = new Properties();
    try (InputStream in = BuildInfo.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        return "unknown";
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }

  /** The commit as the launcher found it, ending in {@code -dirty} if files differ from it. */
  public static String commit() {
    return System.getProperty("tributary.commit", "unknown");
  }

  /** The Java runtime's version and vendor. */
  public static String java() {
    return Runtime.version() + " (" + System.getProperty("java.vendor") + ")";
  }
}
