package io.tributary.agent.text;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads all texts of a file, a folder, or an archive, in the order of their names. Inside folders
 * and archives whatever is not text is passed over, as are hidden files and {@code META-INF}; a
 * single file that is not text is an error. Sizes are checked before memory is taken, and while a
 * stream is read, because an archive's own figures can't be trusted.
 */
final class TextSource {
  /** The most bytes of text in all. */
  static final long MAX_BYTES = 256L << 20;

  /** The most files or entries looked at. */
  static final int MAX_FILES = 100_000;

  private final Path where;
  private final long maxBytes;
  private final List<SourceText> texts = new ArrayList<>();
  private long bytesLeft;

  private TextSource(Path where, long maxBytes) {
    this.where = where;
    this.maxBytes = maxBytes;
    this.bytesLeft = maxBytes;
  }

  /**
   * All texts, at least one, none empty.
   *
   * @throws TributaryException {@code INVALID_SETTING} if there is nothing or no text at {@code
   *     where}, {@code LIMIT_EXCEEDED} if there is too much, {@code STORAGE} if it can't be read
   */
  static List<SourceText> read(Path where) {
    return read(where, MAX_BYTES);
  }

  /** As {@link #read(Path)}, with a limit of its own. */
  static List<SourceText> read(Path where, long maxBytes) {
    if (!Files.exists(where)) {
      throw Errors.invalidSetting(
          "text " + where, "nothing", "a text file, a folder, or a jar or zip of sources");
    }
    var source = new TextSource(where, maxBytes);
    try {
      if (Files.isDirectory(where)) {
        source.readFolder();
      } else if (isArchive(where)) {
        source.readArchive();
      } else {
        source.readSingleFile();
      }
    } catch (UncheckedIOException | IOException e) {
      throw Errors.storage(where, "can't read the text in", e);
    }
    if (source.texts.isEmpty()) {
      throw Errors.invalidSetting(
          "text " + where, "no file with text in it", "at least one non-empty UTF-8 file");
    }
    return source.texts;
  }

  private static boolean isArchive(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".jar") || name.endsWith(".zip");
  }

  private void readSingleFile() throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(where)) {
      bytes = readWithinLimit(in, Files.size(where));
    }
    if (bytes.length == 0) {
      throw Errors.invalidSetting("text " + where, "an empty file", "a file with text in it");
    }
    String reason = TextCheck.notTextBecause(bytes);
    if (!reason.isEmpty()) {
      throw Errors.invalidSetting(
          "text " + where, reason, "UTF-8 text, a folder, or a jar or zip of sources");
    }
    keep(where.toString(), bytes);
  }

  private void readFolder() throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(where, 64, new FileVisitOption[0])) {
      files =
          walk.filter(Files::isRegularFile)
              .filter(file -> isWanted(nameWithin(file)))
              .limit(MAX_FILES + 1L)
              .sorted(Comparator.comparing(this::nameWithin))
              .toList();
    }
    checkFileCount(files.size());
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        keepIfText(nameWithin(file), readWithinLimit(in, Files.size(file)));
      }
    }
  }

  private String nameWithin(Path file) {
    // One separator everywhere, because names decide who gets which file.
    return where.relativize(file).toString().replace('\\', '/');
  }

  private void readArchive() throws IOException {
    try (var archive = new ZipFile(where.toFile())) {
      checkFileCount(archive.size());
      List<? extends ZipEntry> entries =
          archive.stream()
              .filter(entry -> !entry.isDirectory() && isWanted(entry.getName()))
              .sorted(Comparator.comparing(ZipEntry::getName))
              .toList();
      for (ZipEntry entry : entries) {
        try (InputStream in = archive.getInputStream(entry)) {
          keepIfText(entry.getName(), readWithinLimit(in, Math.max(0, entry.getSize())));
        }
      }
    } catch (ZipException e) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          "text " + where + ": expected a jar or zip archive, found none: " + e.getMessage(),
          e);
    }
  }

  private static boolean isWanted(String name) {
    return !name.startsWith("META-INF/") && !name.startsWith(".") && !name.contains("/.");
  }

  private void checkFileCount(int count) {
    if (count > MAX_FILES) {
      throw new TributaryException(
          ErrorCode.LIMIT_EXCEEDED,
          "text "
              + where
              + ": expected at most "
              + MAX_FILES
              + " files, found more; name a smaller"
              + " folder");
    }
  }

  private byte[] readWithinLimit(InputStream in, long declared) throws IOException {
    if (declared > bytesLeft) {
      throw tooMuch();
    }
    byte[] bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, bytesLeft + 1));
    if (bytes.length > bytesLeft) {
      throw tooMuch();
    }
    return bytes;
  }

  private TributaryException tooMuch() {
    return new TributaryException(
        ErrorCode.LIMIT_EXCEEDED,
        "text "
            + where
            + ": expected at most "
            + maxBytes
            + " bytes in all, found more; name a"
            + " smaller file or folder");
  }

  private void keepIfText(String name, byte[] bytes) {
    if (bytes.length > 0 && TextCheck.notTextBecause(bytes).isEmpty()) {
      keep(name, bytes);
    }
  }

  private void keep(String name, byte[] bytes) {
    bytesLeft -= bytes.length;
    int start = TextCheck.endOfLicenceHeader(bytes);
    if (start < bytes.length) {
      texts.add(
          new SourceText(
              name, start == 0 ? bytes : Arrays.copyOfRange(bytes, start, bytes.length)));
    }
  }
}
