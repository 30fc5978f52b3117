package io.tributary.file.tensorbundle;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A saved model in a ZIP archive, or in one that lies in another, as models that come as jars do.
 * An entry that itself begins like an archive is looked into, those inside it are not.
 */
public final class SavedModelArchive {
  private static final byte[] MAGIC = {'P', 'K', 3, 4};
  private static final Pattern VARIABLES =
      Pattern.compile("variables/(variables\\.(?:index|data-\\d{5}-of-\\d{5}))");
  private static final int PIECE = 1 << 16;
  private static final int MOST_ENTRIES = 1 << 16;
  private static final long MOST_BYTES = 1L << 36;

  private final Path path;
  private int entries;

  private SavedModelArchive(Path path) {
    this.path = path;
  }

  /** Is shown entry after entry. */
  @FunctionalInterface
  private interface Visitor {
    /** Looks at an entry; returns whether to go on. */
    boolean visit(String name, InputStream content) throws IOException;
  }

  /** Whether a file's first bytes are those of an archive. */
  static boolean recognises(byte... beginning) {
    return Arrays.equals(MAGIC, beginning);
  }

  /**
   * Reads a small file that comes with a model.
   *
   * @param name its name in the model, such as {@code assets/vocab.txt}
   * @param mostBytes how long it may be
   * @return its bytes, or empty if the archive has none of that name
   * @throws TributaryException {@code STORAGE} if the archive can't be read or the file is longer
   */
  public static Optional<byte[]> read(Path archive, String name, int mostBytes) {
    var found = new byte[1][];
    new SavedModelArchive(archive)
        .walk(
            (entry, content) -> {
              if (!entry.equals(name)) {
                return true;
              }
              found[0] = content.readNBytes(mostBytes + 1);
              return false;
            });
    if (found[0] != null && found[0].length > mostBytes) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          archive + ", entry " + name + ": expected at most " + mostBytes + " bytes, found more");
    }
    return Optional.ofNullable(found[0]);
  }

  /**
   * Copies a model's variables into a folder.
   *
   * @return the bundle's index there
   * @throws TributaryException {@code STORAGE} if the archive can't be read or has none
   */
  static Path unpackVariables(Path archive, Path folder) {
    new SavedModelArchive(archive)
        .walk(
            (entry, content) -> {
              var name = VARIABLES.matcher(entry);
              if (name.matches()) {
                copy(archive, content, folder.resolve(name.group(1)));
              }
              return true;
            });
    Path index = folder.resolve("variables.index");
    if (!Files.exists(index)) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          archive + ": expected a saved model with variables/variables.index, found none");
    }
    return index;
  }

  private static void copy(Path archive, InputStream content, Path file) throws IOException {
    long left = MOST_BYTES;
    var piece = new byte[PIECE];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int count = content.read(piece); count >= 0; count = content.read(piece)) {
        left -= count;
        if (left < 0) {
          throw new TributaryException(
              ErrorCode.STORAGE, archive + ": expected at most " + MOST_BYTES + " bytes of values");
        }
        out.write(piece, 0, count);
      }
    }
  }

  private void walk(Visitor visitor) {
    try (var in = new BufferedInputStream(Files.newInputStream(path), PIECE)) {
      walk(in, true, visitor);
    } catch (IOException e) {
      throw Errors.storage(path, "can't unpack", e);
    } catch (IllegalArgumentException e) {
      // What names of entries that aren't text end in.
      throw new TributaryException(
          ErrorCode.STORAGE, path + ": expected an archive with names in UTF-8, found others");
    }
  }

  private boolean walk(InputStream in, boolean outer, Visitor visitor) throws IOException {
    var zip = new ZipInputStream(in);
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      entries++;
      if (entries > MOST_ENTRIES) {
        throw new TributaryException(
            ErrorCode.STORAGE,
            path + ": expected at most " + MOST_ENTRIES + " entries, found more");
      }
      var content = new BufferedInputStream(zip, PIECE);
      content.mark(MAGIC.length);
      boolean archive = recognises(content.readNBytes(MAGIC.length));
      content.reset();
      boolean on =
          (outer && archive)
              ? walk(content, false, visitor)
              : visitor.visit(entry.getName(), content);
      if (!on) {
        return false;
      }
    }
    return true;
  }
}
