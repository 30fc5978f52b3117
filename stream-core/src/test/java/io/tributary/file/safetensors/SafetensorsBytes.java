package io.tributary.file.safetensors;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Files for tests: a header as text, and bytes behind it. */
final class SafetensorsBytes {
  private SafetensorsBytes() {}

  static byte[] file(String header, byte... data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return file(json.length, json, data);
  }

  static byte[] file(long statedLength, byte[] json, byte... data) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(statedLength).array());
    out.writeBytes(json);
    out.writeBytes(data);
    return out.toByteArray();
  }
}
