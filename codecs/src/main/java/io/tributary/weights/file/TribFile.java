package io.tributary.weights.file;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.MalformedInputException;
import io.tributary.error.TributaryException;
import io.tributary.error.UnsupportedFormatException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.transform.RowTransform;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A {@code .trib} file, open for reading. Opening reads the index alone; a read of rows reads the
 * blocks that hold them, compares their checksums and decodes them.
 */
public final class TribFile implements WeightFile {
  private final Path path;
  private final FileChannel channel;
  private final TribIndex index;
  private final long dataAt;
  private final long size;
  private final Map<String, Integer> places = new HashMap<>();

  private TribFile(Path path, FileChannel channel, boolean part) throws IOException {
    this.path = path;
    this.channel = channel;
    size = channel.size();
    if (size < TribIndex.HEADER_BYTES) {
      throw malformed(0, "expected at least " + TribIndex.HEADER_BYTES + " bytes, found " + size);
    }
    ByteBuffer header =
        ByteBuffer.wrap(read(0, TribIndex.HEADER_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    var magic = new byte[TribIndex.MAGIC.length];
    header.get(magic);
    if (!Arrays.equals(magic, TribIndex.MAGIC)) {
      throw malformed(0, "expected the magic TRIB");
    }
    int version = header.getShort() & 0xFFFF;
    if (version != TribIndex.VERSION) {
      throw UnsupportedFormatException.version(
          "file " + path, version, version, TribIndex.VERSION, TribIndex.VERSION);
    }
    int flags = header.getShort() & 0xFFFF;
    if ((flags & ~TribIndex.PROGRESSIVE) != 0) {
      throw malformed(6, "expected flags 0 or 1, found " + flags);
    }
    int length = header.getInt();
    long most = Math.min(TribIndex.MOST_BYTES, size - TribIndex.HEADER_BYTES);
    if (length < 0 || length > most) {
      throw malformed(
          8, "index: expected up to " + most + " bytes, found " + Integer.toUnsignedString(length));
    }
    byte[] bytes = read(TribIndex.HEADER_BYTES, length);
    if (TribIndex.checksum(bytes, 0, length) != header.getInt()) {
      throw malformed(12, "the index's checksum doesn't match");
    }
    dataAt = TribIndex.HEADER_BYTES + length;
    boolean progressive = (flags & TribIndex.PROGRESSIVE) != 0;
    index = TribIndex.parse(path.toString(), bytes, progressive, size - dataAt, part, this::piece);
    for (int i = 0; i < index.tensors().size(); i++) {
      places.put(index.tensors().get(i).name(), i);
    }
    checkFirstSections();
  }

  private void checkFirstSections() {
    long least = endOf(0);
    if (least > size) {
      throw malformed(
          size,
          "expected at least "
              + least
              + " bytes, up to the first section of the last block, found the file's end");
    }
  }

  /** Where the last of the sections of this number ends. */
  private long endOf(int section) {
    long end = 0;
    for (TribPieces pieces : index.pieces()) {
      for (int block = 0; section < pieces.sections() && block < pieces.blocks(); block++) {
        end =
            Math.max(end, pieces.sectionAt(block, section) + pieces.sectionLength(block, section));
      }
    }
    return dataAt + end;
  }

  /**
   * Opens a whole file.
   *
   * @throws TributaryException {@code STORAGE} if it can't be read or breaks the format, {@code
   *     TOO_NEW} if it is of a later version
   */
  public static TribFile open(Path path) {
    return open(path, false);
  }

  /**
   * Opens a file, or the beginning of one in progressive order that holds at least the first
   * section of each block. Later sections that are not there whole are taken for absent.
   */
  public static TribFile openPart(Path path) {
    return open(path, true);
  }

  private static TribFile open(Path path, boolean part) {
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        return new TribFile(path, channel, part);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw Errors.storage(path, "can't read", e);
    }
  }

  private byte[] read(long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new EOFException("the file became shorter");
      }
    }
    return bytes.array();
  }

  private byte[] piece(long offset, int length, int checksum) {
    if (length > size - dataAt - offset) {
      throw malformed(size, "expected a piece of " + length + " bytes, found the file's end");
    }
    byte[] bytes;
    try {
      bytes = read(dataAt + offset, length);
    } catch (IOException e) {
      throw Errors.storage(path, "can't read", e);
    }
    if (TribIndex.checksum(bytes, 0, length) != checksum) {
      throw malformed(dataAt + offset, "the checksum of these " + length + " bytes doesn't match");
    }
    return bytes;
  }

  private MalformedInputException malformed(long at, String what) {
    return new MalformedInputException(ErrorCode.STORAGE, path.toString(), at, what);
  }

  private int mostSections() {
    return index.pieces().stream().mapToInt(TribPieces::sections).max().orElse(1);
  }

  /**
   * What a beginning of the file must have for each number of planes from 1 on, in bytes; only in
   * progressive order is that a model.
   */
  public List<Long> planeEnds() {
    return IntStream.range(0, mostSections()).mapToObj(this::endOf).toList();
  }

  /** How much of the file is there. */
  public TribExtent extent() {
    int all = mostSections();
    int there = 0;
    while (there < all && endOf(there) <= size) {
      there++;
    }
    long whole = dataAt;
    for (TribPieces pieces : index.pieces()) {
      whole += pieces.bytesUpTo(Long.MAX_VALUE);
    }
    return new TribExtent(size, whole, there, all);
  }

  /** How each tensor lies in the file, in the file's order. */
  public List<TribTensor> contents() {
    return index.tensors();
  }

  /** Each with the bytes that are there. */
  @Override
  public List<WeightTensor> tensors() {
    var tensors = new WeightTensor[index.tensors().size()];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = index.tensors().get(i).weights(index.pieces().get(i).bytesUpTo(size - dataAt));
    }
    return List.of(tensors);
  }

  @Override
  public Map<String, String> metadata() {
    return index.metadata();
  }

  @Override
  public RowMatrix rows(String name) {
    return rows(name, null);
  }

  private RowMatrix rows(String name, @Nullable RowWorkers workers) {
    int place = place(name);
    TribTensor tensor = index.tensors().get(place);
    if (tensor.rows() == 0) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          path + ", tensor " + name + ": expected values, found shape " + tensor.shape());
    }
    return new BlockRows(tensor, index.pieces().get(place), workers);
  }

  /**
   * The same file, the blocks of each read being shared among threads. Tasks of the same workers
   * read the file itself: they don't wait for tasks.
   */
  public WeightFile readBy(RowWorkers workers) {
    return new WeightFile() {
      @Override
      public List<WeightTensor> tensors() {
        return TribFile.this.tensors();
      }

      @Override
      public Map<String, String> metadata() {
        return TribFile.this.metadata();
      }

      @Override
      public RowMatrix rows(String name) {
        return TribFile.this.rows(name, workers);
      }

      @Override
      public void close() {
        TribFile.this.close();
      }
    };
  }

  /**
   * The bytes of a block as they lie in the file, all sections that are there.
   *
   * @throws TributaryException {@code STORAGE} if there is no such tensor, or a checksum differs
   */
  public byte[] block(String name, int block) {
    return block(index.pieces().get(place(name)), block);
  }

  private int place(String name) {
    Integer place = places.get(name);
    if (place == null) {
      throw new TributaryException(ErrorCode.STORAGE, path + ": no tensor " + name);
    }
    return place;
  }

  private boolean isThere(TribPieces pieces, int block, int section) {
    long end = pieces.sectionAt(block, section) + pieces.sectionLength(block, section);
    return end <= size - dataAt;
  }

  private byte[] block(TribPieces pieces, int block) {
    if (pieces.sections() == 1) {
      return section(pieces, block, 0);
    }
    var bytes = new byte[(int) pieces.blockLength(block)];
    int length = 0;
    for (int i = 0; i < pieces.sections() && isThere(pieces, block, i); i++) {
      byte[] section = section(pieces, block, i);
      System.arraycopy(section, 0, bytes, length, section.length);
      length += section.length;
    }
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private byte[] section(TribPieces pieces, int block, int section) {
    return piece(
        pieces.sectionAt(block, section),
        pieces.sectionLength(block, section),
        pieces.sectionChecksum(block, section));
  }

  private final class BlockRows implements RowMatrix {
    private final TribTensor tensor;
    private final TribPieces pieces;
    private final @Nullable RowWorkers workers;

    /** The block decoded last, so that reading row by row decodes each block once. */
    private float[] kept = {};

    private int keptBlock = -1;

    BlockRows(TribTensor tensor, TribPieces pieces, @Nullable RowWorkers workers) {
      this.tensor = tensor;
      this.pieces = pieces;
      this.workers = workers;
    }

    @Override
    public long rows() {
      return tensor.rows();
    }

    @Override
    public int width() {
      return tensor.width();
    }

    @Override
    public void read(long first, int count, float[] target, int at) {
      Objects.checkFromIndexSize(first, count, rows());
      int width = width();
      Objects.checkFromIndexSize(at, Math.multiplyExact(count, width), target.length);
      if (count == 0) {
        return;
      }
      int begin = (int) (first / tensor.blockRows());
      int end = (int) ((first + count - 1) / tensor.blockRows()) + 1;
      if (workers == null || end - begin == 1) {
        read(begin, end, first, count, target, at);
      } else {
        workers.forEach(
            end - begin, 1, (from, to) -> read(begin + from, begin + to, first, count, target, at));
      }
    }

    /** Reads what some blocks have of the rows. */
    private void read(int begin, int end, long first, int count, float[] target, int at) {
      for (int block = begin; block < end; block++) {
        long blockFirst = (long) block * tensor.blockRows();
        int rows = tensor.rowsOf(block);
        int skipped = (int) Math.max(0, first - blockFirst);
        int taken = (int) Math.min(rows, first + count - blockFirst) - skipped;
        int to = at + (int) (blockFirst + skipped - first) * width();
        if (taken == rows) {
          decode(block, target, to);
        } else {
          copy(block, skipped, taken, target, to);
        }
      }
    }

    private synchronized void copy(int block, int skipped, int taken, float[] target, int at) {
      int width = width();
      if (keptBlock != block) {
        keptBlock = -1;
        kept = new float[tensor.rowsOf(block) * width];
        decode(block, kept, 0);
        keptBlock = block;
      }
      System.arraycopy(kept, skipped * width, target, at, taken * width);
    }

    private void decode(int block, float[] target, int at) {
      int rows = tensor.rowsOf(block);
      int width = width();
      byte[] bytes = block(pieces, block);
      try {
        tensor.layout().unpack(bytes, rows, width, target, at);
      } catch (TributaryException e) {
        throw malformed(
            dataAt + pieces.sectionAt(block, 0),
            "tensor " + tensor.name() + ", block " + block + ": " + e.getMessage());
      }
      List<RowTransform> transforms = tensor.transforms();
      for (int i = transforms.size() - 1; i >= 0; i--) {
        transforms.get(i).undo(target, at, rows, width);
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw Errors.storage(path, "can't close", e);
    }
  }
}
