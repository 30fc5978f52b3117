package io.tributary.bench.ggml;

import static java.util.stream.Collectors.joining;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import io.tributary.error.Errors;
import io.tributary.file.gguf.GgmlType;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The functions of ggml that encode and decode blocks, in a shared library. Safe for any thread
 * once it is loaded.
 */
final class GgmlLibrary {
  private final NativeLibrary library;
  private final Function quantize;

  /** What {@code ggml_init} takes by value. */
  @Structure.FieldOrder({"memSize", "memBuffer", "noAlloc"})
  public static final class Parameters extends Structure implements Structure.ByValue {
    /** Bytes; 0 for the default. */
    public long memSize;

    /** Where they lie; null for ggml's own. */
    public @Nullable Pointer memBuffer;

    /** Whether tensors go elsewhere. */
    public boolean noAlloc;
  }

  /** Values and codes in memory that native code reads and writes without copies. */
  final class Buffers implements AutoCloseable {
    private final int count;
    private final Memory values;
    private final Memory codes;
    private final @Nullable Memory importance;

    /**
     * Room for some values, and the values themselves.
     *
     * @param importance of each column of rows as long as it is, or null for none
     */
    Buffers(float[] given, float @Nullable [] importance) {
      count = given.length;
      values = new Memory((long) Float.BYTES * count);
      values.write(0, given, 0, count);
      codes = new Memory((long) Float.BYTES * count);
      if (importance == null) {
        this.importance = null;
      } else {
        var memory = new Memory((long) Float.BYTES * importance.length);
        memory.write(0, importance, 0, importance.length);
        this.importance = memory;
      }
    }

    /**
     * Encodes all values, as rows of the importance's length, and returns how many bytes it took.
     */
    int encode(GgmlType type) {
      long width = importance == null ? count : importance.size() / Float.BYTES;
      var arguments =
          new Object[] {type.number(), values, codes, 0L, count / width, width, importance};
      return Math.toIntExact((Long) quantize.invoke(Long.class, arguments));
    }

    /** The bytes encoded last. */
    byte[] bytes(int length) {
      return codes.getByteArray(0, length);
    }

    @Override
    public void close() {
      values.close();
      codes.close();
      if (importance != null) {
        importance.close();
      }
    }
  }

  /**
   * Loads a library.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it can't be loaded or
   *     isn't ggml
   */
  GgmlLibrary(Path file) {
    try {
      library = NativeLibrary.getInstance(file.toAbsolutePath().toString());
      quantize = library.getFunction("ggml_quantize_chunk");
      // Fills the table of half precision, without which all scales are read as 0.
      Object context =
          library.getFunction("ggml_init").invoke(Pointer.class, new Object[] {new Parameters()});
      library.getFunction("ggml_free").invoke(new Object[] {context});
    } catch (LinkageError e) {
      // What follows lists the class path.
      String reason = String.valueOf(e.getMessage()).lines().limit(2).collect(joining(" "));
      throw Errors.invalidSetting(
          "LIBRARY", file, "a shared library of ggml for this machine (" + reason + ")");
    }
  }

  /** Encodes values as one row. */
  byte[] encode(GgmlType type, float[] values) {
    try (var buffers = new Buffers(values, null)) {
      return buffers.bytes(buffers.encode(type));
    }
  }

  /** Encodes rows as long as the importance of their columns. */
  byte[] encode(GgmlType type, float[] values, float[] importance) {
    try (var buffers = new Buffers(values, importance)) {
      return buffers.bytes(buffers.encode(type));
    }
  }

  /** Decodes blocks. */
  float[] decode(GgmlType type, byte[] bytes, int count) {
    String name = type.name();
    // Only the letter of super-blocks is upper case in ggml's names.
    String spelled = name.substring(0, 2).toLowerCase(Locale.ROOT) + name.substring(2);
    try (var from = new Memory(bytes.length);
        var to = new Memory((long) Float.BYTES * count)) {
      from.write(0, bytes, 0, bytes.length);
      library
          .getFunction("dequantize_row_" + spelled)
          .invoke(new Object[] {from, to, (long) count});
      return to.getFloatArray(0, count);
    }
  }
}
