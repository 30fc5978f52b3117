package io.tributary.file.safetensors;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.MalformedInputException;
import io.tributary.error.TributaryException;
import io.tributary.file.HalfPrecision;
import io.tributary.tensor.RowMatrix;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A safetensors file, open for reading. Its data are mapped into memory in pieces of up to 1 GiB,
 * so that nothing is loaded before it is read; who truncates a file that is open here gets an error
 * of the virtual machine.
 *
 * <p>Safe for any thread, except that nothing may be read after {@link #close}.
 */
public final class SafetensorsFile implements AutoCloseable {
  private static final int PIECE_BITS = 30;
  private static final long PIECE = 1L << PIECE_BITS;

  private final Path path;
  private final SafetensorsHeader header;
  private final FileChannel channel;
  private final MappedByteBuffer[] pieces;

  private SafetensorsFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    long size = channel.size();
    String where = path.toString();
    if (size < SafetensorsHeader.LENGTH_BYTES) {
      throw new MalformedInputException(
          ErrorCode.STORAGE,
          where,
          0,
          "expected at least " + SafetensorsHeader.LENGTH_BYTES + " bytes, found " + size);
    }
    long stated = read(channel, 0, SafetensorsHeader.LENGTH_BYTES).getLong();
    int length = SafetensorsHeader.checkLength(where, stated, size);
    long dataAt = SafetensorsHeader.LENGTH_BYTES + (long) length;
    byte[] json = read(channel, SafetensorsHeader.LENGTH_BYTES, length).array();
    header = SafetensorsHeader.parse(where, json, size - dataAt);
    pieces = new MappedByteBuffer[(int) ((size - dataAt + PIECE - 1) / PIECE)];
    for (int i = 0; i < pieces.length; i++) {
      long at = dataAt + i * PIECE;
      pieces[i] = channel.map(MapMode.READ_ONLY, at, Math.min(PIECE, size - at));
      pieces[i].order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /**
   * Opens a file and reads its header.
   *
   * @throws TributaryException {@code STORAGE} if it can't be read or breaks the format
   */
  public static SafetensorsFile open(Path path) {
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        return new SafetensorsFile(path, channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw Errors.storage(path, "can't read", e);
    }
  }

  private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new EOFException("the file became shorter");
      }
    }
    return bytes.flip();
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
    for (int done = 0; done < count; ) {
      long byteAt = tensor.begin() + (first + done) * bytes;
      MappedByteBuffer piece = pieces[(int) (byteAt >>> PIECE_BITS)];
      int offset = (int) (byteAt & (PIECE - 1));
      int whole = Math.min(count - done, (piece.capacity() - offset) / bytes);
      if (whole > 0) {
        decode(tensor.type(), piece, offset, whole, target, at + done);
        done += whole;
      } else {
        target[at + done] = decodeAcross(tensor.type(), byteAt);
        done++;
      }
    }
  }

  private static void decode(
      ElementType type, ByteBuffer piece, int offset, int count, float[] target, int at) {
    switch (type) {
      case F32 -> {
        for (int i = 0; i < count; i++) {
          target[at + i] = piece.getFloat(offset + Float.BYTES * i);
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          target[at + i] = Float.intBitsToFloat(piece.getShort(offset + Short.BYTES * i) << 16);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          target[at + i] = HalfPrecision.toFloat(piece.getShort(offset + Short.BYTES * i));
        }
      }
    }
  }

  /** An element that begins in one piece and ends in the next: tensors need not be aligned. */
  private float decodeAcross(ElementType type, long byteAt) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < type.bytes(); i++) {
      long next = byteAt + i;
      bytes.put(i, pieces[(int) (next >>> PIECE_BITS)].get((int) (next & (PIECE - 1))));
    }
    var element = new float[1];
    decode(type, bytes, 0, 1, element, 0);
    return element[0];
  }

  private void checkReadable(SafetensorsTensor tensor) {
    if (!tensor.type().isReadable()) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          path
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
          path
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
    try {
      channel.close();
    } catch (IOException e) {
      throw Errors.storage(path, "can't close", e);
    }
  }
}
