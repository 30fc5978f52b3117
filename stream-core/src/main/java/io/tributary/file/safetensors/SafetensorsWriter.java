package io.tributary.file.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.file.WholeFileWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Writes the tensors of any file of weights as float32 in the safetensors format, whole or not at
 * all. Memory holds a few rows.
 */
public final class SafetensorsWriter {
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * Writes a file.
   *
   * @return its bytes
   * @throws io.tributary.error.TributaryException {@code STORAGE} if a tensor can't be read or the
   *     file can't be written; what was at its place before is then untouched
   */
  public static long write(WeightFile source, Path target) {
    return write(source, target, tensor -> {});
  }

  /**
   * Writes a file and tells how far it is.
   *
   * @param written hears of each tensor when it is in the file, on the calling thread
   * @return its bytes
   * @throws io.tributary.error.TributaryException as {@link #write(WeightFile, Path)}
   */
  public static long write(WeightFile source, Path target, Consumer<WeightTensor> written) {
    return WholeFileWriter.write(
        target,
        out -> {
          byte[] header = header(source.tensors(), source.metadata());
          ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          out.write(length.putLong(header.length).array());
          out.write(header);
          for (WeightTensor tensor : source.tensors()) {
            if (tensor.elements() > 0) {
              out.write(source.rows(tensor.name()));
            }
            written.accept(tensor);
          }
        });
  }

  private static byte[] header(List<WeightTensor> tensors, Map<String, String> metadata)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart("__metadata__");
        // In an order of their own, so that a file depends on what is in it alone.
        for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
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
}
