package io.tributary.file.llama2;

import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import io.tributary.error.TributaryException;
import io.tributary.file.MappedBytes;
import io.tributary.file.MappedRows;
import io.tributary.file.PlainValues;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A file in the layout of llama2.c, open for reading. */
final class Llama2File implements WeightFile {
  private final MappedBytes bytes;
  private final Llama2Header header;
  private final List<WeightTensor> tensors;

  Llama2File(Path path) {
    bytes = MappedBytes.open(path);
    try {
      header = readHeader(path.toString());
      tensors = header.tensors();
      checkSize(path.toString());
    } catch (RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  private Llama2Header readHeader(String where) {
    if (bytes.size() < Llama2Header.BYTES) {
      throw malformed(where, 0, "at least " + Llama2Header.BYTES + " bytes");
    }
    var numbers = new byte[Llama2Header.BYTES];
    bytes.read(0, numbers, 0, numbers.length);
    return Llama2Header.read(where, ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN));
  }

  private void checkSize(String where) {
    long size = Llama2Header.BYTES;
    for (WeightTensor tensor : tensors) {
      try {
        size = Math.addExact(size, tensor.bytes());
      } catch (ArithmeticException e) {
        throw malformed(where, 0, "fewer than 2^63 bytes of tensors");
      }
    }
    if (size != bytes.size()) {
      throw malformed(where, Math.min(size, bytes.size()), size + " bytes");
    }
  }

  private MalformedInputException malformed(String where, long at, String expected) {
    return new MalformedInputException(
        ErrorCode.STORAGE, where, at, "expected " + expected + ", found " + bytes.size());
  }

  @Override
  public List<WeightTensor> tensors() {
    return tensors;
  }

  @Override
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public RowMatrix rows(String name) {
    long at = Llama2Header.BYTES;
    for (WeightTensor tensor : tensors) {
      if (tensor.name().equals(name)) {
        return new MappedRows(bytes, tensor, at, PlainValues.F32);
      }
      at += tensor.bytes();
    }
    throw new TributaryException(
        ErrorCode.STORAGE,
        bytes.path() + ": expected a tensor " + name + ", found none of that name");
  }

  @Override
  public void close() {
    bytes.close();
  }
}
