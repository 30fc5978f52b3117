package io.tributary.codecs.aqsgd;

import io.tributary.codec.CutRows;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.TreeMap;

/** What was received of each sample, outside the heap. Belongs to one thread. */
final class AqsgdMemory {
  /** Samples have numbers below it. */
  static final int MOST_SAMPLES = 1 << 24;

  private static final long MOST_BYTES = 1L << 30;

  private final int channels;
  private final Map<Integer, FloatBuffer> samples = new TreeMap<>();
  private long bytes;

  AqsgdMemory(int channels) {
    this.channels = channels;
  }

  /**
   * Finds or makes room for all samples of a message, so that later steps can't fail.
   *
   * @throws TributaryException {@code CORRUPT_PAYLOAD} without samples or for one that has another
   *     number of rows than before; {@code LIMIT_EXCEEDED} if there would be too many
   */
  void makeRoom(CutRows rows) {
    if (rows.samples() == 0) {
      throw new TributaryException(
          ErrorCode.CORRUPT_PAYLOAD,
          "message " + rows.message() + " of aqsgd: expected the samples of its rows, found none");
    }
    int values = rows.count() / rows.samples() * channels;
    long more = 0;
    for (int i = 0; i < rows.samples(); i++) {
      FloatBuffer known = samples.get(rows.sample(i));
      if (known == null) {
        more += (long) Float.BYTES * values;
      } else if (known.capacity() != values) {
        throw new TributaryException(
            ErrorCode.CORRUPT_PAYLOAD,
            "sample "
                + rows.sample(i)
                + " of aqsgd: expected "
                + known.capacity()
                + " values as before, found "
                + values);
      }
    }
    if (bytes + more > MOST_BYTES) {
      throw new TributaryException(
          ErrorCode.LIMIT_EXCEEDED,
          "memory of aqsgd: expected at most "
              + MOST_BYTES
              + " bytes, found "
              + (bytes + more)
              + "; use fewer samples or another codec");
    }
    for (int i = 0; i < rows.samples(); i++) {
      samples.computeIfAbsent(rows.sample(i), sample -> allocate(values));
    }
  }

  private FloatBuffer allocate(int values) {
    bytes += (long) Float.BYTES * values;
    return ByteBuffer.allocateDirect(Float.BYTES * values)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** Writes {@code source - memory} of a message's rows, which have room. */
  void subtract(CutRows rows, float[] source, int from, float[] target) {
    int values = rows.count() / rows.samples() * channels;
    for (int i = 0; i < rows.samples(); i++) {
      FloatBuffer memory = memoryOf(rows.sample(i));
      for (int k = 0; k < values; k++) {
        target[i * values + k] = source[from + i * values + k] - memory.get(k);
      }
    }
  }

  /** Adds to the memory of a message's rows, which have room, and writes what it is then. */
  void add(CutRows rows, float[] changes, float[] target, int from) {
    int values = rows.count() / rows.samples() * channels;
    for (int i = 0; i < rows.samples(); i++) {
      FloatBuffer memory = memoryOf(rows.sample(i));
      for (int k = 0; k < values; k++) {
        float sum = memory.get(k) + changes[i * values + k];
        memory.put(k, sum);
        target[from + i * values + k] = sum;
      }
    }
  }

  private FloatBuffer memoryOf(int sample) {
    FloatBuffer memory = samples.get(sample);
    if (memory == null) {
      throw new IllegalStateException("no room was made for sample " + sample);
    }
    return memory;
  }

  void save(DataOutput out) throws IOException {
    out.writeInt(samples.size());
    for (var entry : samples.entrySet()) {
      out.writeInt(entry.getKey());
      out.writeInt(entry.getValue().capacity());
      for (int k = 0; k < entry.getValue().capacity(); k++) {
        out.writeFloat(entry.getValue().get(k));
      }
    }
  }

  void restore(DataInput in) throws IOException {
    samples.clear();
    bytes = 0;
    int saved = in.readInt();
    for (int i = 0; i < saved; i++) {
      int sample = in.readInt();
      FloatBuffer memory = allocate(in.readInt());
      for (int k = 0; k < memory.capacity(); k++) {
        memory.put(k, in.readFloat());
      }
      samples.put(sample, memory);
    }
  }
}
