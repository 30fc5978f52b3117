package io.tributary.file.safetensors;

import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import io.tributary.error.TributaryException;
import io.tributary.file.HalfPrecision;
import io.tributary.file.MappedBytes;
import io.tributary.tensor.RowMatrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A safetensors file, open for reading; nothing is loaded before it is read, see {@link
 * MappedBytes}.
 *
 * <p>Safe for any thread, except that nothing may be read after {@link #close}.
 */
public final class SafetensorsFile implements AutoCloseable {
  /** Elements that are copied at a time, on their way to float32. */
  private static final int CHUNK = 1 << 14;

  private final SafetensorsHeader header;
  private final MappedBytes file;
  private final long dataAt;

  private SafetensorsFile(MappedBytes file) {
    this.file = file;
    String where = file.path().toString();
    if (file.size() < SafetensorsHeader.LENGTH_BYTES) {
      throw new MalformedInputException(
          ErrorCode.STORAGE,
          where,
          0,
          "expected at least " + SafetensorsHeader.LENGTH_BYTES + " bytes, found " + file.size());
    }
    var stated = new byte[SafetensorsHeader.LENGTH_BYTES];
    file.read(0, stated, 0, stated.length);
    long bytes = ByteBuffer.wrap(stated).order(ByteOrder.LITTLE_ENDIAN).getLong();
    var json = new byte[SafetensorsHeader.checkLength(where, bytes, file.size())];
    file.read(stated.length, json, 0, json.length);
    dataAt = (long) stated.length + json.length;
    header = SafetensorsHeader.parse(where, json, file.size() - dataAt);
  }

  /**
   * Opens a file and reads its header.
   *
   * @throws TributaryException {@code STORAGE} if it can't be read or breaks the format
   */
  public static SafetensorsFile open(Path path) {
    MappedBytes file = MappedBytes.open(path);
    try {
      return new SafetensorsFile(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** The tensors in the order of their bytes. */
  public List<SafetensorsTensor> tensors() {
    return header.tensors();
  }

  /** The header. */
  public SafetensorsHeader header() {
    return header;
  }

  /** The tensor of a name, or empty. */
  public Optional<SafetensorsTensor> tensor(String name) {
    return header.tensors().stream().filter(t -> t.name().equals(name)).findFirst();
  }

  /**
   * Reads elements of a tensor as float32, without loss.
   *
   * @param first the first element
   * @throws IndexOutOfBoundsException if there are not so many elements, or not so much room
   * @throws TributaryException {@code STORAGE} if the type of its elements can't be read
   */
  public void read(SafetensorsTensor tensor, long first, int count, float[] target, int at) {
    Objects.checkFromIndexSize(first, count, tensor.elements());
    Objects.checkFromIndexSize(at, count, target.length);
    checkReadable(tensor);
    int bytes = tensor.type().bytes();
    var chunk = new byte[bytes * Math.min(count, CHUNK)];
    ByteBuffer view = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < count; done += CHUNK) {
      int now = Math.min(count - done, CHUNK);
      file.read(dataAt + tensor.begin() + (first + done) * bytes, chunk, 0, now * bytes);
      decode(tensor.type(), view, now, target, at + done);
    }
  }

  private static void decode(
      ElementType type, ByteBuffer bytes, int count, float[] target, int at) {
    switch (type) {
      case F32 -> bytes.asFloatBuffer().get(0, target, at, count);
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          target[at + i] = Float.intBitsToFloat(bytes.getShort(Short.BYTES * i) << 16);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          target[at + i] = HalfPrecision.toFloat(bytes.getShort(Short.BYTES * i));
        }
      }
    }
  }

  private void checkReadable(SafetensorsTensor tensor) {
    if (!tensor.type().isReadable()) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          file.path()
              + ", tensor "
              + tensor.name()
              + ": expected a dtype of "
              + java.util.Arrays.stream(ElementType.values())
                  .filter(ElementType::isReadable)
                  .toList()
              + ", found "
              + tensor.type());
    }
  }

  /**
   * A tensor's rows: the elements of its last extent, for all values of the others; a tensor of one
   * extent is one row. A view, valid until the file is closed.
   *
   * @throws TributaryException {@code STORAGE} if the tensor is empty, its rows are longer than an
   *     array, or the type of its elements can't be read
   */
  public RowMatrix rows(SafetensorsTensor tensor) {
    checkReadable(tensor);
    List<Long> shape = tensor.shape();
    long width = shape.isEmpty() ? 1 : shape.get(shape.size() - 1);
    if (tensor.elements() == 0 || width > Integer.MAX_VALUE - 8) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          file.path()
              + ", tensor "
              + tensor.name()
              + ": expected rows of 1 to 2^31 - 9 values, found shape "
              + shape);
    }
    return new TensorRows(tensor, (int) width);
  }

  private final class TensorRows implements RowMatrix {
    private final SafetensorsTensor tensor;
    private final int width;

    TensorRows(SafetensorsTensor tensor, int width) {
      this.tensor = tensor;
      this.width = width;
    }

    @Override
    public long rows() {
      return tensor.elements() / width;
    }

    @Override
    public int width() {
      return width;
    }

    @Override
    public void read(long first, int count, float[] target, int at) {
      Objects.checkFromIndexSize(first, count, rows());
      SafetensorsFile.this.read(
          tensor, first * width, Math.multiplyExact(count, width), target, at);
    }
  }

  /** Closes the file; the mapped pieces go when nothing refers to them any more. */
  @Override
  public void close() {
    file.close();
  }
}
