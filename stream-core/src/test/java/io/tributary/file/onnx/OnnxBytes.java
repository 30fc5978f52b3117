package io.tributary.file.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the messages of a model by hand. */
final class OnnxBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private void varint(long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      out.write((int) ((left & 0x7F) | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }

  OnnxBytes number(int field, long value) {
    varint((long) field << 3);
    varint(value);
    return this;
  }

  OnnxBytes bytes(int field, byte... value) {
    varint(((long) field << 3) | 2);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  OnnxBytes text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  OnnxBytes fixed32(int field) {
    varint(((long) field << 3) | 5);
    out.writeBytes(new byte[Integer.BYTES]);
    return this;
  }

  byte[] done() {
    return out.toByteArray();
  }

  static byte[] floats(float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  /** A model with these initializers, and with fields that are to be skipped. */
  static byte[] model(byte[]... initializers) {
    var graph = new OnnxBytes().text(2, "graph").bytes(1, new byte[300]).fixed32(77);
    for (byte[] initializer : initializers) {
      graph.bytes(5, initializer);
    }
    return new OnnxBytes().number(1, 7).text(2, "test").bytes(7, graph.done()).done();
  }

  /** A matrix of two rows of three, as raw bytes. */
  static byte[] matrix(String name) {
    return new OnnxBytes()
        .number(1, 2)
        .number(1, 3)
        .number(2, OnnxTensor.FLOAT)
        .text(8, name)
        .bytes(9, floats(1, 2, 3, 4, 5, 6))
        .done();
  }
}
