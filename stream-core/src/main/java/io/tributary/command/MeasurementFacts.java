package io.tributary.command;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.error.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The facts that stand beside every figure: the member {@code run} of each JSON file.
 *
 * @param commit the commit that was measured
 * @param version of the product
 * @param jdk its name and version
 * @param cpu the processor's name and number of cores
 * @param device the accelerator, or {@code none}
 * @param seed the seed
 * @param options the command line
 * @param seconds wall-clock time of the whole measurement
 */
public record MeasurementFacts(
    String commit,
    String version,
    String jdk,
    String cpu,
    String device,
    long seed,
    List<String> options,
    double seconds) {
  private static final JsonMapper MAPPER = new JsonMapper();

  /** The facts of this process. */
  public static MeasurementFacts here(
      String device, long seed, List<String> options, double seconds) {
    return new MeasurementFacts(
        System.getProperty("tributary.commit", "unknown"),
        String.valueOf(System.getProperty("tributary.version", "0.1.0-SNAPSHOT")),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
        processor(),
        device,
        seed,
        options,
        seconds);
  }

  private static String processor() {
    String model = System.getProperty("os.arch");
    Path info = Path.of("/proc/cpuinfo");
    if (Files.isReadable(info)) {
      try {
        for (String line : Files.readAllLines(info)) {
          if (line.startsWith("model name")) {
            model = line.substring(line.indexOf(':') + 1).trim();
            break;
          }
        }
      } catch (IOException e) {
        model += " (" + info + " can't be read)";
      }
    }
    return model + ", " + Runtime.getRuntime().availableProcessors() + " cores";
  }

  /**
   * Checks before a long measurement that what comes of it can be written after it.
   *
   * @param option the option that named the file, for the message
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if they can't
   */
  public static void checkWritable(String option, Path file) {
    Path folder = file.toAbsolutePath().getParent();
    Path written = Files.exists(file) ? file : folder;
    if (folder == null || Files.isDirectory(file) || !Files.isWritable(written)) {
      throw Errors.invalidSetting(
          option, file, "a file that can be written, in a folder that exists");
    }
  }

  /**
   * Writes one object: these facts as {@code run}, and the components of {@code figures} beside
   * them.
   */
  public void write(Path file, Record figures) {
    ObjectNode object = MAPPER.createObjectNode();
    object.set("run", MAPPER.valueToTree(this));
    ObjectNode members = MAPPER.valueToTree(figures);
    object.setAll(members);
    try {
      MAPPER.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), object);
    } catch (IOException e) {
      throw Errors.storage(file, "can't write", e);
    }
  }
}
