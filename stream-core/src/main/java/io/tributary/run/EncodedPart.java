package io.tributary.run;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tributary.link.EncodedChunk;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One encoded chunk in the form in which it is kept: a contribution until its aggregate has come, a
 * change as long as an agent may lack it.
 *
 * @param tensor the tensor's index in the model
 * @param first the first element within the tensor
 * @param count the number of elements
 * @param codec the codec's number
 * @param codecVersion the codec's format version
 * @param bytes the encoded bytes
 */
@SuppressWarnings(
    "ArrayRecordComponent") // carried from encoder to file and socket; equality is of no interest
public record EncodedPart(
    int tensor, int first, int count, int codec, int codecVersion, byte[] bytes) {
  private static final int MAX_BYTES = 64 * 1024 * 1024;
  private static final int MAX_PARTS = 1 << 24;

  /** Copies a chunk from the flow and releases its buffer. */
  public static EncodedPart take(EncodedChunk chunk) {
    ByteBuf payload = chunk.payload();
    try {
      var bytes = new byte[payload.readableBytes()];
      payload.getBytes(payload.readerIndex(), bytes);
      return new EncodedPart(
          chunk.tensor(),
          (int) chunk.first(),
          chunk.count(),
          chunk.codec(),
          chunk.codecVersion(),
          bytes);
    } finally {
      payload.release();
    }
  }

  /** A part of a slice, with its place in the slice, as the part of the tensor that it is. */
  public EncodedPart in(TensorSlice slice) {
    return new EncodedPart(
        slice.tensor(), slice.first() + first, count, codec, codecVersion, bytes);
  }

  /** The chunk for the flow; it shares the bytes, and whoever takes it releases it. */
  public EncodedChunk toChunk() {
    return new EncodedChunk(
        tensor, first, count, codec, codecVersion, Unpooled.wrappedBuffer(bytes));
  }

  /** Writes a list of parts. */
  public static void writeAll(DataOutput out, List<EncodedPart> parts) throws IOException {
    out.writeInt(parts.size());
    for (EncodedPart part : parts) {
      out.writeInt(part.tensor);
      out.writeInt(part.first);
      out.writeInt(part.count);
      out.writeInt(part.codec);
      out.writeInt(part.codecVersion);
      out.writeInt(part.bytes.length);
      out.write(part.bytes);
    }
  }

  /** Reads what {@link #writeAll} wrote. */
  public static List<EncodedPart> readAll(DataInput in) throws IOException {
    int size = in.readInt();
    if (size < 0 || size > MAX_PARTS) {
      throw new IOException("expected at most " + MAX_PARTS + " parts, found " + size);
    }
    var parts = new ArrayList<EncodedPart>();
    for (int i = 0; i < size; i++) {
      int tensor = in.readInt();
      int first = in.readInt();
      int count = in.readInt();
      int codec = in.readInt();
      int codecVersion = in.readInt();
      int length = in.readInt();
      if (length < 0 || length > MAX_BYTES) {
        throw new IOException(
            "part " + i + ": expected at most " + MAX_BYTES + " bytes, found " + length);
      }
      var bytes = new byte[length];
      in.readFully(bytes);
      parts.add(new EncodedPart(tensor, first, count, codec, codecVersion, bytes));
    }
    return parts;
  }
}
