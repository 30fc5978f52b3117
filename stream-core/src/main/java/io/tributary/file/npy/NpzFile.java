package io.tributary.file.npy;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * An archive of arrays, open for reading. An entry's header is read at once; its values are
 * unpacked to a temporary file when they are first asked for, which goes with the archive.
 */
final class NpzFile implements WeightFile {
  private static final String SUFFIX = ".npy";
  private static final int MOST_ENTRIES = 1 << 16;
  private static final int PIECE = 1 << 16;

  private final Path path;
  private final ZipFile archive;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();
  private final List<WeightTensor> tensors = new ArrayList<>();
  private final Map<String, NpyFile> unpacked = new HashMap<>();

  NpzFile(Path path) {
    this.path = path;
    try {
      archive = new ZipFile(path.toFile());
    } catch (IOException e) {
      throw Errors.storage(path, "can't read", e);
    }
    try {
      if (archive.size() > MOST_ENTRIES) {
        throw broken("expected at most " + MOST_ENTRIES + " entries, found " + archive.size());
      }
      for (ZipEntry entry : Collections.list(archive.entries())) {
        add(entry);
      }
    } catch (IOException e) {
      close();
      throw Errors.storage(path, "can't read", e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void add(ZipEntry entry) throws IOException {
    if (!entry.getName().endsWith(SUFFIX)) {
      throw broken("expected arrays alone, found an entry " + shown(entry));
    }
    String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
    byte[] beginning;
    try (InputStream in = archive.getInputStream(entry)) {
      beginning = in.readNBytes(NpyHeader.MOST_BEFORE + NpyHeader.MOST_BYTES);
    }
    NpyHeader header =
        NpyHeader.parse(
            path + ", entry " + shown(entry), ByteBuffer.wrap(beginning), entry.getSize());
    if (entries.put(name, entry) != null) {
      throw broken("expected each name once, found again " + shown(entry));
    }
    tensors.add(header.tensor(name));
  }

  /** A name for a message: short, and without control characters. */
  private static String shown(ZipEntry entry) {
    String name = entry.getName();
    String part = name.length() > 80 ? name.substring(0, 80) + "..." : name;
    return "'" + part.replaceAll("\\p{Cntrl}", "?") + "'";
  }

  private TributaryException broken(String what) {
    return new TributaryException(ErrorCode.STORAGE, path + ": " + what);
  }

  @Override
  public List<WeightTensor> tensors() {
    return List.copyOf(tensors);
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public synchronized RowMatrix rows(String name) {
    ZipEntry entry = entries.get(name);
    if (entry == null) {
      throw broken("expected a tensor " + name + ", found none of that name");
    }
    return unpacked.computeIfAbsent(name, absent -> unpack(entry, name)).rows(name);
  }

  private NpyFile unpack(ZipEntry entry, String name) {
    try {
      Path file = Files.createTempFile("tributary-", SUFFIX);
      try {
        copy(entry, file);
        return new NpyFile(file, name);
      } finally {
        // What is mapped stays readable.
        Files.delete(file);
      }
    } catch (IOException e) {
      throw Errors.storage(path, "can't unpack entry " + shown(entry) + " of", e);
    }
  }

  /** Copies an entry, and no more than it says of itself. */
  private void copy(ZipEntry entry, Path file) throws IOException {
    long left = entry.getSize();
    var piece = new byte[PIECE];
    try (InputStream in = archive.getInputStream(entry);
        OutputStream out = Files.newOutputStream(file)) {
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        left -= count;
        if (left < 0) {
          throw broken(
              "entry " + shown(entry) + ": expected " + entry.getSize() + " bytes, found more");
        }
        out.write(piece, 0, count);
      }
    }
  }

  @Override
  public synchronized void close() {
    unpacked.values().forEach(NpyFile::close);
    try {
      archive.close();
    } catch (IOException e) {
      throw Errors.storage(path, "can't close", e);
    }
  }
}
