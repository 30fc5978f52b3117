package io.tributary.weights.file;

import io.tributary.error.Errors;
import io.tributary.store.DurableFile;
import io.tributary.weights.pack.RowLayout;
import io.tributary.weights.transform.RowTransform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@code .trib} file: whole or not at all. Pieces go to one file beside the target while
 * they are made; {@link #finish} puts the index and the pieces, in their order, into another,
 * forces it to the device and moves it into place. On a device for both at once there must be room
 * for twice the file. For one thread, but for {@link #close}, which any thread may call.
 */
public final class TribWriter implements AutoCloseable {
  private final Path target;
  private final Path piecesFile;
  private final Path wholeFile;
  private final FileChannel out;
  private final boolean progressive;
  private final List<TribTensor> tensors = new ArrayList<>();
  private final List<TribPieces> pieces = new ArrayList<>();
  private final List<long[]> places = new ArrayList<>();
  private @Nullable TribTensor current;
  private int block;
  private long end;

  private TribWriter(Path target, boolean progressive) throws IOException {
    this.target = target;
    this.progressive = progressive;
    piecesFile = target.resolveSibling(target.getFileName() + ".pieces.tmp");
    wholeFile = target.resolveSibling(target.getFileName() + ".tmp");
    out =
        FileChannel.open(
            piecesFile,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
  }

  /**
   * Begins a file.
   *
   * @param progressive whether all first sections of blocks are to stand before all second ones
   * @throws io.tributary.error.TributaryException {@code STORAGE} if there can be no file
   */
  public static TribWriter create(Path target, boolean progressive) {
    try {
      return new TribWriter(target, progressive);
    } catch (IOException e) {
      throw Errors.storage(target, "can't write", e);
    }
  }

  /** Begins a tensor, when the one before has all its blocks. */
  public void begin(TribTensor tensor) {
    checkComplete();
    int sections = tensor.sections();
    List<RowTransform> transforms = tensor.transforms();
    var places = new TribPieces(1 + transforms.size(), Math.toIntExact(tensor.blocks()), sections);
    current = tensor;
    block = 0;
    tensors.add(tensor);
    pieces.add(places);
    this.places.add(new long[1 + places.blocks()]);
    this.places.get(this.places.size() - 1)[0] = end;
    writeSide(places, 0, tensor.layout().side());
    for (int i = 0; i < transforms.size(); i++) {
      writeSide(places, 1 + i, transforms.get(i).side());
    }
  }

  private void writeSide(TribPieces places, int side, byte[] bytes) {
    places.setSide(side, bytes);
    append(bytes);
  }

  /** Writes the next block of the tensor begun last. */
  public void block(byte[] bytes) {
    TribTensor tensor = java.util.Objects.requireNonNull(current);
    TribPieces now = pieces.get(pieces.size() - 1);
    RowLayout layout = tensor.layout();
    int[] cuts = layout.cuts(tensor.rowsOf(block), tensor.width());
    int from = 0;
    for (int i = 0; i <= cuts.length; i++) {
      int to = i < cuts.length ? cuts[i] : bytes.length;
      now.setSection(block, i, bytes, from, to - from);
      from = to;
    }
    places.get(places.size() - 1)[1 + block] = end;
    block++;
    append(bytes);
  }

  private void append(byte[] bytes) {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    try {
      while (left.hasRemaining()) {
        out.write(left);
      }
    } catch (IOException e) {
      throw Errors.storage(target, "can't write", e);
    }
    end += bytes.length;
  }

  private void checkComplete() {
    if (current != null && block != current.blocks()) {
      throw new IllegalStateException(
          current.name() + " has " + block + " of " + current.blocks() + " blocks");
    }
  }

  /**
   * Puts the file into its place.
   *
   * @param metadata texts about the file
   * @return its bytes
   * @throws io.tributary.error.TributaryException {@code STORAGE} if it can't be written; what was
   *     at its place before is then untouched
   */
  public long finish(Map<String, String> metadata) {
    checkComplete();
    TribPieces.place(pieces, progressive);
    byte[] index = new TribIndex(metadata, progressive, tensors, pieces).bytes();
    ByteBuffer head = TribIndex.little(TribIndex.HEADER_BYTES + index.length);
    head.put(TribIndex.MAGIC).putShort((short) TribIndex.VERSION);
    head.putShort((short) (progressive ? TribIndex.PROGRESSIVE : 0)).putInt(index.length);
    head.putInt(TribIndex.checksum(index, 0, index.length)).put(index).flip();
    try (FileChannel whole =
        FileChannel.open(
            wholeFile,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      long bytes = head.remaining() + end;
      while (head.hasRemaining()) {
        whole.write(head);
      }
      if (progressive) {
        copyInOrder(whole);
      } else {
        copy(whole, 0, end);
      }
      whole.force(true);
      Files.move(
          wholeFile, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      DurableFile.forceFolder(target.toAbsolutePath().getParent());
      return bytes;
    } catch (IOException e) {
      throw Errors.storage(target, "can't write", e);
    }
  }

  private void copyInOrder(FileChannel whole) throws IOException {
    for (int i = 0; i < tensors.size(); i++) {
      long at = places.get(i)[0];
      for (int side = 0; side < pieces.get(i).sides(); side++) {
        copy(whole, at, pieces.get(i).sideLength(side));
        at += pieces.get(i).sideLength(side);
      }
    }
    for (int section = 0; section < TribPieces.MOST_SECTIONS; section++) {
      for (int i = 0; i < tensors.size(); i++) {
        TribPieces now = pieces.get(i);
        for (int b = 0; section < now.sections() && b < now.blocks(); b++) {
          long at = places.get(i)[1 + b];
          for (int before = 0; before < section; before++) {
            at += now.sectionLength(b, before);
          }
          copy(whole, at, now.sectionLength(b, section));
        }
      }
    }
  }

  private void copy(FileChannel whole, long at, long length) throws IOException {
    for (long done = 0; done < length; ) {
      long moved = out.transferTo(at + done, length - done, whole);
      if (moved <= 0) {
        throw new IOException("only " + done + " of " + length + " bytes could be copied");
      }
      done += moved;
    }
  }

  /** Removes what isn't finished. */
  @Override
  public void close() {
    try {
      out.close();
      Files.deleteIfExists(piecesFile);
      Files.deleteIfExists(wholeFile);
    } catch (IOException e) {
      throw Errors.storage(target, "can't remove what was begun beside", e);
    }
  }
}
