package io.tributary.agent.split;

import io.netty.buffer.Unpooled;
import io.tributary.codec.CodecId;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.EncodedChunk;
import java.io.ByteArrayOutputStream;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** The parts of one message between the ends of a cut, each some bytes; immutable once sent. */
final class SplitParts {
  /** What a part is, by the tensor index of its chunks. Numbers are promises. */
  enum Part {
    /** Activations or gradients, as the codec made them. */
    VALUES(0),
    /** A table of the codec, or the request for one. */
    TABLE(1),
    /** The windows' tokens, a byte each. */
    WINDOWS(2),
    /** A document in JSON. */
    DOCUMENT(3);

    private final int number;

    Part(int number) {
      this.number = number;
    }
  }

  private static final int PIECE_BYTES = 256 * 1024;

  private final Map<Part, byte[]> parts = new EnumMap<>(Part.class);

  /** Adds a part; one without bytes isn't sent. */
  SplitParts with(Part part, byte[] bytes) {
    if (bytes.length > 0) {
      parts.put(part, bytes);
    }
    return this;
  }

  byte @Nullable [] get(Part part) {
    return parts.get(part);
  }

  /**
   * A part that must be there.
   *
   * @throws TributaryException {@code PROTOCOL_VIOLATION} if it isn't
   */
  byte[] require(Part part) {
    byte[] bytes = parts.get(part);
    if (bytes == null) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "message across a cut: expected a part " + part + ", found " + parts.keySet());
    }
    return bytes;
  }

  /** The number of {@link #chunks}. */
  int chunkCount() {
    return parts.values().stream().mapToInt(b -> (b.length + PIECE_BYTES - 1) / PIECE_BYTES).sum();
  }

  /** The parts as chunks of a stream, part by part. */
  Flux<EncodedChunk> chunks(CodecId codec) {
    return Flux.fromIterable(parts.entrySet())
        .concatMap(
            part -> {
              byte[] bytes = part.getValue();
              return Flux.range(0, (bytes.length + PIECE_BYTES - 1) / PIECE_BYTES)
                  .map(
                      i -> {
                        int from = i * PIECE_BYTES;
                        int length = Math.min(PIECE_BYTES, bytes.length - from);
                        return new EncodedChunk(
                            part.getKey().number,
                            from,
                            length,
                            codec.number(),
                            codec.version(),
                            Unpooled.wrappedBuffer(bytes, from, length));
                      });
            });
  }

  /** Puts parts together from chunks; not safe for several threads. */
  static final class Collector {
    private final int mostBytes;
    private final Map<Part, ByteArrayOutputStream> begun = new EnumMap<>(Part.class);
    private int bytes;

    /** A collector of messages of at most so many bytes. */
    Collector(int mostBytes) {
      this.mostBytes = mostBytes;
    }

    /**
     * Takes a chunk, which stays the caller's.
     *
     * @throws TributaryException {@code LIMIT_EXCEEDED} for more bytes than expected, {@code
     *     PROTOCOL_VIOLATION} for a piece out of its place
     */
    void add(EncodedChunk chunk) {
      int length = chunk.encodedLength();
      if (length > mostBytes - bytes) {
        throw new TributaryException(
            ErrorCode.LIMIT_EXCEEDED,
            "message across a cut: expected at most " + mostBytes + " bytes, found more");
      }
      ByteArrayOutputStream into =
          begun.computeIfAbsent(partOf(chunk.tensor()), part -> new ByteArrayOutputStream());
      if (chunk.first() != into.size() || chunk.count() != length) {
        throw new TributaryException(
            ErrorCode.PROTOCOL_VIOLATION,
            "message across a cut: expected byte "
                + into.size()
                + " of part "
                + chunk.tensor()
                + ", found "
                + chunk.count()
                + " elements from "
                + chunk.first()
                + " on in "
                + length
                + " bytes");
      }
      var piece = new byte[length];
      chunk.payload().getBytes(chunk.payload().readerIndex(), piece);
      into.writeBytes(piece);
      bytes += length;
    }

    /** All that came. */
    SplitParts whole() {
      var parts = new SplitParts();
      begun.forEach((part, from) -> parts.with(part, from.toByteArray()));
      return parts;
    }

    private static Part partOf(int number) {
      for (Part part : Part.values()) {
        if (part.number == number) {
          return part;
        }
      }
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION, "message across a cut: unknown part " + number);
    }
  }
}
