package io.tributary.file.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Files for tests, written from the format's description. */
final class GgufBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  GgufBytes int32(int... values) {
    for (int value : values) {
      out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }
    return this;
  }

  GgufBytes int64(long... values) {
    for (long value : values) {
      out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }
    return this;
  }

  GgufBytes text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int64(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  GgufBytes bytes(int... values) {
    for (int value : values) {
      out.write(value);
    }
    return this;
  }

  GgufBytes align(int alignment) {
    while (out.size() % alignment != 0) {
      out.write(0);
    }
    return this;
  }

  byte[] array() {
    return out.toByteArray();
  }
}
