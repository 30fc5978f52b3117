package io.tributary.weights.ggml;

import io.tributary.error.Errors;
import io.tributary.file.WholeFileWriter;
import io.tributary.file.gguf.GgmlType;
import io.tributary.file.gguf.GgufMetadata;
import io.tributary.weights.file.TribFile;
import io.tributary.weights.file.TribTensor;
import io.tributary.weights.model.LlamaGguf;
import io.tributary.weights.pack.GgmlLayout;
import io.tributary.weights.pack.PlainLayout;
import io.tributary.weights.pack.RowLayout;
import io.tributary.weights.pack.ScaleType;
import io.tributary.weights.token.GgufVocabulary;
import io.tributary.weights.token.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@code .trib} file as GGUF, version 3: ggml's blocks and matrices of plain numbers go
 * byte for byte, everything else as float32. Metadata whose names GGUF allows go along as text.
 *
 * <p>A Llama-style model gets the names and metadata of the architecture {@code llama} and its
 * vocabulary, so that programs can run it; what isn't a weight of it, such as tables of angles,
 * stays behind. Any other model keeps its names and is of an architecture {@code unknown}: readers
 * open it, but only the model's maker can tell them what it is.
 */
public final class GgufWriter {
  private static final int VERSION = 3;
  private static final int ALIGNMENT = 32;
  private static final int MOST_EXTENTS = 4;
  private static final String ARCHITECTURE = "general.architecture";

  /** The version of ggml's blocks, which readers compare. */
  private static final int BLOCKS_VERSION = 2;

  private final TribFile source;
  private final GgufMetadata metadata = new GgufMetadata();
  private final List<Placed> tensors = new ArrayList<>();

  /** A tensor and how it is told in the file. */
  private record Placed(TribTensor tensor, String name, GgmlType type) {
    /** Whether its blocks are what GGUF holds. Programs expect vectors in float32. */
    static boolean isKept(TribTensor tensor) {
      RowLayout layout = tensor.layout();
      return tensor.transforms().isEmpty()
          && (layout instanceof GgmlLayout
              || (layout instanceof PlainLayout && tensor.shape().size() > 1));
    }

    static Placed of(TribTensor tensor, String name) {
      GgmlType type = GgmlType.F32;
      if (isKept(tensor) && tensor.layout() instanceof GgmlLayout blocks) {
        type = blocks.type();
      } else if (isKept(tensor) && tensor.layout() instanceof PlainLayout plain) {
        type =
            plain.type() == ScaleType.F16
                ? GgmlType.F16
                : plain.type() == ScaleType.BF16 ? GgmlType.BF16 : GgmlType.F32;
      }
      return new Placed(tensor, name, type);
    }

    boolean isKept() {
      return isKept(tensor);
    }

    long bytes() {
      return tensor.rows() * (tensor.width() / type.blockValues()) * type.blockBytes();
    }
  }

  private GgufWriter(TribFile source, @Nullable Tokenizer tokenizer) {
    this.source = source;
    Optional<LlamaGguf> llama = LlamaGguf.of(source);
    for (TribTensor tensor : source.contents()) {
      Optional<String> name =
          llama.isEmpty() ? Optional.of(tensor.name()) : llama.get().name(tensor.name());
      name.ifPresent(known -> tensors.add(Placed.of(tensor, known)));
    }
    llama.ifPresent(
        model -> {
          model.describe(metadata);
          GgufVocabulary.write(tokenizer, metadata);
        });
    if (tensors.stream().anyMatch(placed -> placed.tensor.layout() instanceof GgmlLayout)) {
      metadata.number("general.quantization_version", BLOCKS_VERSION);
    }
    new TreeMap<>(source.metadata())
        .forEach(
            (key, value) -> {
              if (isOfAnyModel(key) && !metadata.has(key)) {
                metadata.text(key, value);
              }
            });
    if (!metadata.has(ARCHITECTURE)) {
      metadata.text(ARCHITECTURE, "unknown");
    }
  }

  /** Whether metadata say the same of another file's bytes, and are a text. */
  private static boolean isOfAnyModel(String key) {
    return key.matches("[a-z0-9_]+(\\.[a-z0-9_]+)+")
        && !key.startsWith("tokenizer.")
        && !key.startsWith(LlamaGguf.PREFIX)
        && !List.of("general.alignment", "general.file_type", "general.quantization_version")
            .contains(key);
  }

  /**
   * Writes a file, whole or not at all.
   *
   * @param tokenizer the model's vocabulary, or null if none is known
   * @return its bytes
   * @throws io.tributary.error.TributaryException {@code STORAGE} if a tensor can't be read or the
   *     file can't be written, {@code INVALID_SETTING} if a tensor has more than four extents or
   *     GGUF has no words for the vocabulary
   */
  public static long write(TribFile source, @Nullable Tokenizer tokenizer, Path target) {
    var writer = new GgufWriter(source, tokenizer);
    return WholeFileWriter.write(target, writer::write);
  }

  private void write(WholeFileWriter out) throws IOException {
    out.write(header());
    for (Placed placed : tensors) {
      TribTensor tensor = placed.tensor;
      out.pad(ALIGNMENT);
      if (placed.isKept()) {
        for (int block = 0; block < tensor.blocks(); block++) {
          out.write(source.block(tensor.name(), block));
        }
      } else if (tensor.rows() > 0) {
        out.write(source.rows(tensor.name()));
      }
    }
    out.pad(ALIGNMENT);
  }

  private byte[] header() {
    var out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    put32(out, VERSION);
    put64(out, tensors.size());
    put64(out, metadata.count());
    out.writeBytes(metadata.bytes());
    long at = 0;
    for (Placed placed : tensors) {
      putText(out, placed.name);
      List<Long> shape = placed.tensor.shape().isEmpty() ? List.of(1L) : placed.tensor.shape();
      if (shape.size() > MOST_EXTENTS) {
        throw Errors.invalidSetting(
            "tensor " + placed.name, "shape " + shape, "at most four extents, as GGUF has");
      }
      put32(out, shape.size());
      for (int i = shape.size() - 1; i >= 0; i--) {
        put64(out, shape.get(i));
      }
      put32(out, placed.type.number());
      put64(out, at);
      at += (placed.bytes() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    return out.toByteArray();
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
