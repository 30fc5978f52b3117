package io.tributary.weights.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The pieces of a tensor: its side bytes, then each block in its sections. Lengths and checksums
 * stand in the index; where a piece begins follows from the order of them all.
 */
final class TribPieces {
  /** The most pieces that a block is cut into. */
  static final int MOST_SECTIONS = 16;

  /** The bytes of a piece's entry in the index: length and checksum. */
  static final int ENTRY_BYTES = 8;

  private final int sides;
  private final int blocks;
  private final int sections;
  private final int[] lengths;
  private final int[] checksums;
  private final long[] at;

  TribPieces(int sides, int blocks, int sections) {
    this.sides = sides;
    this.blocks = blocks;
    this.sections = sections;
    int pieces = sides + Math.multiplyExact(blocks, sections);
    lengths = new int[pieces];
    checksums = new int[pieces];
    at = new long[pieces];
  }

  /** Reads lengths and checksums, which must be there. */
  static TribPieces read(ByteBuffer in, int sides, int blocks, int sections) {
    var pieces = new TribPieces(sides, blocks, sections);
    for (int i = 0; i < pieces.lengths.length; i++) {
      pieces.lengths[i] = in.getInt();
      pieces.checksums[i] = in.getInt();
    }
    return pieces;
  }

  /** Whether each piece fits into an array. */
  boolean areArrays() {
    return Arrays.stream(lengths).allMatch(length -> length >= 0);
  }

  void write(ByteArrayOutputStream out) {
    out.write(sections);
    for (int i = 0; i < lengths.length; i++) {
      TribIndex.put32(out, lengths[i]);
      TribIndex.put32(out, checksums[i]);
    }
  }

  /** Gives all pieces their places and returns the end of the last. */
  static long place(List<TribPieces> all, boolean progressive) {
    long end = 0;
    for (TribPieces pieces : all) {
      end = pieces.place(0, pieces.sides, end);
      if (!progressive) {
        for (int block = 0; block < pieces.blocks; block++) {
          for (int section = 0; section < pieces.sections; section++) {
            end = pieces.place(pieces.index(block, section), 1, end);
          }
        }
      }
    }
    for (int section = 0; progressive && section < MOST_SECTIONS; section++) {
      for (TribPieces pieces : all) {
        for (int block = 0; section < pieces.sections && block < pieces.blocks; block++) {
          end = pieces.place(pieces.index(block, section), 1, end);
        }
      }
    }
    return end;
  }

  private long place(int first, int count, long from) {
    long end = from;
    for (int i = first; i < first + count; i++) {
      at[i] = end;
      end += lengths[i];
    }
    return end;
  }

  private int index(int block, int section) {
    return sides + block * sections + section;
  }

  void setSide(int side, byte[] bytes) {
    set(side, bytes, 0, bytes.length);
  }

  void setSection(int block, int section, byte[] bytes, int from, int length) {
    set(index(block, section), bytes, from, length);
  }

  private void set(int piece, byte[] bytes, int from, int length) {
    lengths[piece] = length;
    checksums[piece] = TribIndex.checksum(bytes, from, length);
  }

  int sides() {
    return sides;
  }

  int blocks() {
    return blocks;
  }

  int sections() {
    return sections;
  }

  long sideAt(int side) {
    return at[side];
  }

  int sideLength(int side) {
    return lengths[side];
  }

  int sideChecksum(int side) {
    return checksums[side];
  }

  long sectionAt(int block, int section) {
    return at[index(block, section)];
  }

  int sectionLength(int block, int section) {
    return lengths[index(block, section)];
  }

  int sectionChecksum(int block, int section) {
    return checksums[index(block, section)];
  }

  /** The bytes of a block. */
  long blockLength(int block) {
    long length = 0;
    for (int section = 0; section < sections; section++) {
      length += lengths[index(block, section)];
    }
    return length;
  }

  /** The bytes of all pieces that end up to there. */
  long bytesUpTo(long end) {
    long bytes = 0;
    for (int i = 0; i < lengths.length; i++) {
      bytes += at[i] + lengths[i] <= end ? lengths[i] : 0;
    }
    return bytes;
  }
}
