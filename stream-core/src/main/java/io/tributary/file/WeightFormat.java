package io.tributary.file;

import io.tributary.error.TributaryException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A format of files of weights: found on the class path as a service. Safe for any thread. */
public interface WeightFormat {
  /** The bytes of a file's beginning that {@link #recognises} is shown, fewer in a shorter file. */
  int BEGINNING = 32;

  /** The format's name, in lower case, unique. */
  String name();

  /**
   * Whether a file or folder is of this format, by its name and its first bytes. Of several formats
   * that say so the first by name opens it.
   *
   * @param beginning up to {@link #BEGINNING} bytes from position 0, little endian; none of a
   *     folder
   */
  boolean recognises(Path path, ByteBuffer beginning);

  /**
   * Opens a file, or the files of a folder.
   *
   * @throws TributaryException {@code STORAGE} if it can't be read or breaks the format
   */
  WeightFile open(Path path);
}
