package io.tributary.file.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tributary.error.Errors;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * Writes the tensors of any file of weights as float32 in the safetensors format: beside the target
 * first, then moved into its place, so that there is a whole file or none. Memory holds a few rows.
 */
public final class SafetensorsWriter {
  private static final int ALIGNMENT = 8;
  private static final int CHUNK_VALUES = 1 << 18;

  private SafetensorsWriter() {}

  /**
   * Writes a file.
   *
   * @return its bytes
   * @throws io.tributary.error.TributaryException {@code STORAGE} if a tensor can't be read or the
   *     file can't be written; what was at its place before is then untouched
   */
  public static long write(WeightFile source, Path target) {
    Path beside = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      long bytes = writeWhole(source, beside);
      Files.move(
          beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return bytes;
    } catch (IOException e) {
      throw Errors.storage(target, "can't write", e);
    } finally {
      discard(beside);
    }
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The failure to write is what the caller hears of; the next write truncates the file.
    }
  }

  private static long writeWhole(WeightFile source, Path file) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      byte[] header = header(source.tensors(), source.metadata());
      ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      writeAll(out, length.putLong(header.length).flip());
      writeAll(out, ByteBuffer.wrap(header));
      for (WeightTensor tensor : source.tensors()) {
        if (tensor.elements() > 0) {
          writeRows(out, source.rows(tensor.name()));
        }
      }
      out.force(true);
      return out.size();
    }
  }

  private static byte[] header(List<WeightTensor> tensors, Map<String, String> metadata)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart("__metadata__");
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      long at = 0;
      for (WeightTensor tensor : tensors) {
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", ElementType.F32.name());
        json.writeArrayFieldStart("shape");
        for (long extent : tensor.shape()) {
          json.writeNumber(extent);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("data_offsets");
        json.writeNumber(at);
        at += Float.BYTES * tensor.elements();
        json.writeNumber(at);
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    while (bytes.size() % ALIGNMENT != 0) {
      bytes.write(' ');
    }
    return bytes.toByteArray();
  }

  private static void writeRows(FileChannel out, RowMatrix rows) throws IOException {
    int most = Math.max(1, CHUNK_VALUES / rows.width());
    var values = new float[Math.multiplyExact(most, rows.width())];
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (long first = 0; first < rows.rows(); first += most) {
      int count = (int) Math.min(most, rows.rows() - first);
      rows.read(first, count, values, 0);
      bytes.clear();
      bytes.asFloatBuffer().put(values, 0, count * rows.width());
      writeAll(out, bytes.limit(count * rows.width() * Float.BYTES));
    }
  }

  private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
