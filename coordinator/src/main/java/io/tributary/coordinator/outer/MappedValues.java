package io.tributary.coordinator.outer;

import io.tributary.error.Errors;
import io.tributary.run.TensorValues;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Values in a file that is mapped into memory: the kernel keeps of it what there is room for, and
 * the heap holds nothing. The file is no state: it bears no name as soon as it is mapped, and is
 * gone with the process; what counts is written elsewhere.
 *
 * <p>Used by one thread at a time.
 */
public final class MappedValues implements TensorValues {
  /** The most floats of a mapping, whose bytes Java counts in 31 bits. */
  private static final int PIECE_FLOATS = 1 << 28;

  private static final int BLOCK_BYTES = 1 << 20;

  /** Where each array begins, and the last one ends. */
  private final long[] offsets;

  private final FloatBuffer[] pieces;

  private MappedValues(long[] offsets, FloatBuffer[] pieces) {
    this.offsets = offsets;
    this.pieces = pieces;
  }

  /**
   * Zeros in arrays of these lengths.
   *
   * @param folder where there is room for all of them; that is taken at once, because a mapped file
   *     that finds its device full ends the process
   * @param what they are, for the file's name
   * @throws io.tributary.error.TributaryException {@code STORAGE} if there isn't
   */
  public static MappedValues zeros(Path folder, String what, int... lengths) {
    Path file = folder.resolve(what + ".work");
    var offsets = new long[lengths.length + 1];
    for (int i = 0; i < lengths.length; i++) {
      offsets[i + 1] = offsets[i] + lengths[i];
    }
    try {
      Files.deleteIfExists(file);
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE)) {
        return new MappedValues(offsets, map(channel, offsets[lengths.length]));
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw Errors.storage(file, "can't make room in", e);
    }
  }

  private static FloatBuffer[] map(FileChannel channel, long floats) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    for (long left = floats * Float.BYTES; left > 0; ) {
      block.clear().limit((int) Math.min(BLOCK_BYTES, left));
      left -= channel.write(block);
    }
    var pieces = new FloatBuffer[(int) ((floats + PIECE_FLOATS - 1) / PIECE_FLOATS)];
    for (int i = 0; i < pieces.length; i++) {
      long first = (long) i * PIECE_FLOATS;
      long count = Math.min(PIECE_FLOATS, floats - first);
      pieces[i] =
          channel
              .map(FileChannel.MapMode.READ_WRITE, first * Float.BYTES, count * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
    }
    return pieces;
  }

  @Override
  public void read(int array, int first, float[] into, int at, int count) {
    check(array, first, count);
    long from = offsets[array] + first;
    for (int done = 0; done < count; ) {
      int place = (int) ((from + done) % PIECE_FLOATS);
      int now = Math.min(count - done, PIECE_FLOATS - place);
      pieces[(int) ((from + done) / PIECE_FLOATS)].get(place, into, at + done, now);
      done += now;
    }
  }

  @Override
  public void write(int array, int first, float[] from, int at, int count) {
    check(array, first, count);
    long to = offsets[array] + first;
    for (int done = 0; done < count; ) {
      int place = (int) ((to + done) % PIECE_FLOATS);
      int now = Math.min(count - done, PIECE_FLOATS - place);
      pieces[(int) ((to + done) / PIECE_FLOATS)].put(place, from, at + done, now);
      done += now;
    }
  }

  private void check(int array, int first, int count) {
    java.util.Objects.checkFromIndexSize(first, count, (int) (offsets[array + 1] - offsets[array]));
  }
}
