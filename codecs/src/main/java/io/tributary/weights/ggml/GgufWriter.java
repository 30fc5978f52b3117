package io.tributary.weights.ggml;

import io.tributary.error.Errors;
import io.tributary.file.WholeFileWriter;
import io.tributary.file.gguf.GgmlType;
import io.tributary.weights.file.TribFile;
import io.tributary.weights.file.TribTensor;
import io.tributary.weights.pack.GgmlLayout;
import io.tributary.weights.pack.PlainLayout;
import io.tributary.weights.pack.RowLayout;
import io.tributary.weights.pack.ScaleType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a {@code .trib} file as GGUF, version 3: ggml's blocks and plain numbers go byte for byte,
 * everything else as float32. Names stay as they are; metadata whose names GGUF allows goes along
 * as text, and {@code general.architecture} is added if it isn't there.
 *
 * <p>That is a file which readers of GGUF open. To run it a program must also know the model's
 * architecture by its names and metadata, which nobody but the model's maker can tell.
 */
public final class GgufWriter {
  private static final int VERSION = 3;
  private static final int ALIGNMENT = 32;
  private static final int TEXT = 8;
  private static final int MOST_EXTENTS = 4;
  private static final String ARCHITECTURE = "general.architecture";

  private GgufWriter() {}

  /**
   * Writes a file, whole or not at all.
   *
   * @return its bytes
   * @throws io.tributary.error.TributaryException {@code STORAGE} if a tensor can't be read or the
   *     file can't be written, {@code INVALID_SETTING} if a tensor has more than four extents
   */
  public static long write(TribFile source, Path target) {
    return WholeFileWriter.write(
        target,
        out -> {
          out.write(header(source));
          for (TribTensor tensor : source.contents()) {
            out.pad(ALIGNMENT);
            if (isKept(tensor)) {
              for (int block = 0; block < tensor.blocks(); block++) {
                out.write(source.block(tensor.name(), block));
              }
            } else if (tensor.rows() > 0) {
              out.write(source.rows(tensor.name()));
            }
          }
          out.pad(ALIGNMENT);
        });
  }

  /** Whether a tensor's blocks are what GGUF would hold. */
  private static boolean isKept(TribTensor tensor) {
    RowLayout layout = tensor.layout();
    return tensor.transforms().isEmpty()
        && (layout instanceof GgmlLayout || layout instanceof PlainLayout);
  }

  private static GgmlType type(TribTensor tensor) {
    if (isKept(tensor) && tensor.layout() instanceof GgmlLayout blocks) {
      return blocks.type();
    }
    if (isKept(tensor) && tensor.layout() instanceof PlainLayout plain) {
      return plain.type() == ScaleType.F16
          ? GgmlType.F16
          : plain.type() == ScaleType.BF16 ? GgmlType.BF16 : GgmlType.F32;
    }
    return GgmlType.F32;
  }

  private static long bytes(TribTensor tensor) {
    GgmlType type = type(tensor);
    return tensor.rows() * (tensor.width() / type.blockValues()) * type.blockBytes();
  }

  private static byte[] header(TribFile source) {
    var out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    put32(out, VERSION);
    put64(out, source.contents().size());
    Map<String, String> metadata = metadata(source.metadata());
    put64(out, metadata.size());
    metadata.forEach(
        (key, value) -> {
          putText(out, key);
          put32(out, TEXT);
          putText(out, value);
        });
    long at = 0;
    for (TribTensor tensor : source.contents()) {
      putText(out, tensor.name());
      List<Long> shape = tensor.shape().isEmpty() ? List.of(1L) : tensor.shape();
      if (shape.size() > MOST_EXTENTS) {
        throw Errors.invalidSetting(
            "tensor " + tensor.name(), "shape " + shape, "at most four extents, as GGUF has");
      }
      put32(out, shape.size());
      for (int i = shape.size() - 1; i >= 0; i--) {
        put64(out, shape.get(i));
      }
      put32(out, type(tensor).number());
      put64(out, at);
      at += (bytes(tensor) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    return out.toByteArray();
  }

  private static Map<String, String> metadata(Map<String, String> given) {
    var metadata = new TreeMap<String, String>();
    given.forEach(
        (key, value) -> {
          if (key.matches("[a-z0-9_]+(\\.[a-z0-9_]+)+") && !key.equals("general.alignment")) {
            metadata.put(key, value);
          }
        });
    metadata.putIfAbsent(ARCHITECTURE, "unknown");
    return metadata;
  }

  private static void put32(ByteArrayOutputStream out, int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private static void put64(ByteArrayOutputStream out, long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  private static void putText(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    put64(out, bytes.length);
    out.writeBytes(bytes);
  }
}
