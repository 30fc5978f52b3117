package io.tributary.file;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The formats of weight files that the class path has. Safe for any thread. */
public final class WeightFormats {
  private final List<WeightFormat> formats;

  private WeightFormats(Collection<WeightFormat> formats) {
    this.formats = formats.stream().sorted(Comparator.comparing(WeightFormat::name)).toList();
  }

  /** All formats of the class path. */
  public static WeightFormats load() {
    return new WeightFormats(
        ServiceLoader.load(WeightFormat.class).stream().map(ServiceLoader.Provider::get).toList());
  }

  /** The names of the formats, sorted. */
  public List<String> names() {
    return formats.stream().map(WeightFormat::name).toList();
  }

  /**
   * Opens a file of weights, or a folder of them, in whatever format it has.
   *
   * @throws TributaryException {@code STORAGE} if it can't be read, is of no known format, or
   *     breaks the one that it has
   */
  public WeightFile open(Path path) {
    ByteBuffer beginning = beginning(path);
    return formats.stream()
        .filter(
            format -> format.recognises(path, beginning.duplicate().order(ByteOrder.LITTLE_ENDIAN)))
        .findFirst()
        .orElseThrow(
            () ->
                new TributaryException(
                    ErrorCode.STORAGE,
                    path
                        + ": expected a file of weights, one of "
                        + names()
                        + ", found none of them"))
        .open(path);
  }

  private static ByteBuffer beginning(Path path) {
    ByteBuffer bytes = ByteBuffer.allocate(WeightFormat.BEGINNING);
    if (Files.isDirectory(path)) {
      return bytes.flip();
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // a channel may give less than it is asked for
      }
    } catch (IOException e) {
      throw Errors.storage(path, "can't read", e);
    }
    return bytes.flip();
  }
}
