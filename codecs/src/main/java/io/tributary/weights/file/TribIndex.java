package io.tributary.weights.file;

import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import io.tributary.error.TributaryException;
import io.tributary.weights.pack.RowLayout;
import io.tributary.weights.pack.RowLayouts;
import io.tributary.weights.transform.RowTransform;
import io.tributary.weights.transform.RowTransforms;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The index of a file: its texts, its tensors, and where their pieces are.
 *
 * @param metadata texts about the file
 * @param progressive whether all first sections stand before all second ones, and so on
 * @param tensors in the file's order
 * @param pieces of each tensor
 */
record TribIndex(
    Map<String, String> metadata,
    boolean progressive,
    List<TribTensor> tensors,
    List<TribPieces> pieces) {
  static final byte[] MAGIC = {'T', 'R', 'I', 'B'};
  static final int VERSION = 1;

  /** Magic, version, flags, the index's length and its checksum. */
  static final int HEADER_BYTES = 16;

  static final int PROGRESSIVE = 1;

  /** The longest index that is read. */
  static final int MOST_BYTES = 1 << 28;

  static final int MOST_TENSORS = 1 << 16;
  static final int MOST_EXTENTS = 16;
  static final int MOST_TRANSFORMS = 4;

  /** How the side bytes behind the index are read when it is parsed. */
  @FunctionalInterface
  interface SideReader {
    /** Reads bytes at an offset behind the index and compares their checksum. */
    byte[] read(long offset, int length, int checksum);
  }

  static int checksum(byte[] bytes, int from, int length) {
    var crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  /** The index's own bytes. */
  byte[] bytes() {
    var out = new ByteArrayOutputStream();
    put32(out, metadata.size());
    // In an order of their own, so that a file depends on what is in it alone.
    new TreeMap<>(metadata)
        .forEach(
            (key, value) -> {
              putText(out, key);
              putText(out, value);
            });
    put32(out, tensors.size());
    for (int i = 0; i < tensors.size(); i++) {
      TribTensor tensor = tensors.get(i);
      putText(out, tensor.name());
      putText(out, tensor.source());
      putText(out, tensor.recipe());
      out.write(tensor.shape().size());
      tensor.shape().forEach(extent -> out.writeBytes(little(8).putLong(extent).array()));
      put32(out, tensor.blockRows());
      putText(out, tensor.layout().toString());
      out.write(tensor.transforms().size());
      tensor.transforms().forEach(transform -> putText(out, transform.toString()));
      pieces.get(i).write(out);
    }
    return out.toByteArray();
  }

  static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static void put32(ByteArrayOutputStream out, int value) {
    out.writeBytes(little(4).putInt(value).array());
  }

  private static void putText(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0xFFFF) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          "text '"
              + text.substring(0, 40)
              + "...': expected up to 65535 bytes, found "
              + bytes.length);
    }
    out.write(bytes.length);
    out.write(bytes.length >>> 8);
    out.writeBytes(bytes);
  }

  /**
   * Parses an index.
   *
   * @param where the file, for messages
   * @param dataBytes the bytes behind the index
   * @param part whether the file may end before its last section
   * @throws MalformedInputException {@code STORAGE} if anything in it is not as it must be
   */
  static TribIndex parse(
      String where,
      byte[] bytes,
      boolean progressive,
      long dataBytes,
      boolean part,
      SideReader sides) {
    return new Parser(where, bytes, sides).parse(progressive, dataBytes, part);
  }

  private static final class Parser {
    private final String where;
    private final ByteBuffer in;
    private final SideReader sides;

    Parser(String where, byte[] bytes, SideReader sides) {
      this.where = where;
      this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      this.sides = sides;
    }

    TribIndex parse(boolean progressive, long dataBytes, boolean part) {
      var metadata = new LinkedHashMap<String, String>();
      int entries = count("entries of metadata", MOST_TENSORS, 4);
      for (int i = 0; i < entries; i++) {
        metadata.put(text("metadata"), text("metadata"));
      }
      int count = count("tensors", MOST_TENSORS, 16);
      var drafts = new ArrayList<TensorDraft>();
      var names = new HashSet<String>();
      for (int i = 0; i < count; i++) {
        TensorDraft draft = draft();
        if (!names.add(draft.name)) {
          throw malformed("tensor '" + draft.name + "': expected once, found twice");
        }
        drafts.add(draft);
      }
      if (in.hasRemaining()) {
        throw malformed("expected the index to end here, found " + in.remaining() + " bytes more");
      }
      List<TribPieces> pieces = drafts.stream().map(draft -> draft.pieces).toList();
      long end = TribPieces.place(pieces, progressive);
      boolean cut = part && progressive && dataBytes < end;
      if (end != dataBytes && !cut) {
        throw malformed(
            "expected "
                + end
                + " bytes behind the index, found "
                + dataBytes
                + (part || !progressive
                    ? ""
                    : "; the beginning of such a file is read if its name ends in .part"));
      }
      var tensors = new ArrayList<TribTensor>();
      for (TensorDraft draft : drafts) {
        tensors.add(tensor(draft));
      }
      return new TribIndex(metadata, progressive, List.copyOf(tensors), pieces);
    }

    /** A tensor whose layout can't be made before its side bytes are read. */
    private record TensorDraft(
        String name,
        String source,
        String recipe,
        List<Long> shape,
        int blockRows,
        String layout,
        List<String> transforms,
        TribPieces pieces) {}

    private TensorDraft draft() {
      String name = text("name");
      String what = "tensor '" + name + "'";
      String source = text(what);
      String recipe = text(what);
      var shape = new ArrayList<Long>();
      int extents = number8(what + ", extents", 0, MOST_EXTENTS);
      long elements = 1;
      for (int i = 0; i < extents; i++) {
        need(8, what);
        long extent = in.getLong();
        if (extent < 0) {
          throw malformed(what + ": expected extents from 0, found " + extent);
        }
        shape.add(extent);
        try {
          elements = Math.multiplyExact(elements, extent);
        } catch (ArithmeticException e) {
          throw malformed(what + ": expected fewer than 2^63 elements, found shape " + shape);
        }
      }
      long width = shape.isEmpty() ? 1 : shape.get(shape.size() - 1);
      need(4, what);
      int blockRows = in.getInt();
      if (blockRows < 1
          || width > TribTensor.MOST_BLOCK_VALUES
          || width * blockRows > TribTensor.MOST_BLOCK_VALUES) {
        throw malformed(
            what
                + ": expected blocks of 1 to "
                + TribTensor.MOST_BLOCK_VALUES
                + " values, found "
                + Integer.toUnsignedString(blockRows)
                + " rows of "
                + width);
      }
      long rows = elements == 0 ? 0 : elements / width;
      String layout = text(what);
      var transforms = new ArrayList<String>();
      int count = number8(what + ", transforms", 0, MOST_TRANSFORMS);
      for (int i = 0; i < count; i++) {
        transforms.add(text(what));
      }
      int sections = number8(what + ", sections", 1, TribPieces.MOST_SECTIONS);
      long blocks = (rows + blockRows - 1) / blockRows;
      int room = in.remaining() / TribPieces.ENTRY_BYTES;
      if (blocks > room || 1 + count + blocks * sections > room) {
        throw malformed(
            what + ": expected " + blocks + " blocks, found the index too short for them");
      }
      TribPieces pieces = TribPieces.read(in, 1 + count, (int) blocks, sections);
      if (!pieces.areArrays()) {
        throw malformed(what + ": expected pieces of fewer than 2^31 bytes");
      }
      return new TensorDraft(name, source, recipe, shape, blockRows, layout, transforms, pieces);
    }

    private TribTensor tensor(TensorDraft draft) {
      String what = "tensor '" + draft.name + "'";
      int width = (int) (draft.shape.isEmpty() ? 1 : draft.shape.get(draft.shape.size() - 1));
      try {
        RowLayout layout = RowLayouts.parse(draft.layout, side(draft, 0), width);
        var transforms = new ArrayList<RowTransform>();
        for (int i = 0; i < draft.transforms.size(); i++) {
          transforms.add(RowTransforms.parse(draft.transforms.get(i), side(draft, 1 + i), width));
        }
        var tensor =
            new TribTensor(
                draft.name,
                draft.source,
                draft.recipe,
                draft.shape,
                draft.blockRows,
                layout,
                transforms);
        checkPieces(tensor, draft.pieces);
        return tensor;
      } catch (TributaryException e) {
        throw malformed(what + ": " + e.getMessage());
      }
    }

    private byte[] side(TensorDraft draft, int part) {
      TribPieces pieces = draft.pieces;
      return sides.read(pieces.sideAt(part), pieces.sideLength(part), pieces.sideChecksum(part));
    }

    private void checkPieces(TribTensor tensor, TribPieces pieces) {
      if (pieces.sections() != tensor.sections()) {
        throw malformed("expected " + tensor.sections() + " sections, found " + pieces.sections());
      }
      for (int block = 0; block < pieces.blocks(); block++) {
        long most = tensor.layout().blockBytes(tensor.rowsOf(block), tensor.width());
        if (pieces.blockLength(block) > most) {
          throw malformed(
              "block "
                  + block
                  + ": expected up to "
                  + most
                  + " bytes, found "
                  + pieces.blockLength(block));
        }
      }
    }

    private int count(String what, int most, int leastBytes) {
      need(4, what);
      int count = in.getInt();
      if (count < 0 || count > most || count > in.remaining() / leastBytes) {
        throw malformed(
            what
                + ": expected at most "
                + Math.min(most, in.remaining() / leastBytes)
                + ", found "
                + Integer.toUnsignedString(count));
      }
      return count;
    }

    private int number8(String what, int least, int most) {
      need(1, what);
      int number = in.get() & 0xFF;
      if (number < least || number > most) {
        throw malformed(what + ": expected " + least + " to " + most + ", found " + number);
      }
      return number;
    }

    private String text(String what) {
      need(2, what);
      int length = in.getShort() & 0xFFFF;
      need(length, what);
      ByteBuffer bytes = in.slice(in.position(), length);
      in.position(in.position() + length);
      try {
        CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(bytes);
        return text.toString();
      } catch (CharacterCodingException e) {
        throw malformed(what + ": expected a text in UTF-8");
      }
    }

    private void need(int bytes, String what) {
      if (in.remaining() < bytes) {
        throw malformed(what + ": expected " + bytes + " bytes more, found the index's end");
      }
    }

    private MalformedInputException malformed(String what) {
      return new MalformedInputException(
          ErrorCode.STORAGE, where, HEADER_BYTES + in.position(), what);
    }
  }
}
