package io.tributary.weights.token;

import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The vocabulary of llama2.c: each piece has a score, and of all neighbours whose union is a piece
 * too those with the highest score become one. A text begins with a space that it hasn't; what is
 * no piece is said in bytes.
 *
 * @see <a href="https://github.com/karpathy/llama2.c">the layout</a>
 */
final class ScoredPieceTokenizer implements Tokenizer {
  /** The tokens that are no text: the unknown one, a beginning, an end. */
  static final int UNKNOWN = 0;

  static final int BEGINNING = 1;
  static final int END = 2;

  /** The token of the byte 0; those of the others follow. */
  static final int FIRST_BYTE = 3;

  /** The least number of tokens. */
  static final int LEAST = FIRST_BYTE + 256;

  private static final int LONGEST_PIECE = 1 << 12;

  private final List<String> pieces;
  private final float[] scores;
  private final Map<String, Integer> byPiece = new HashMap<>();
  private final PairMerger merger = new PairMerger(this::union);

  /** A vocabulary of {@link #LEAST} pieces or more, and a score for each. */
  ScoredPieceTokenizer(List<String> pieces, float[] scores) {
    this.pieces = List.copyOf(pieces);
    this.scores = scores;
    for (int i = 0; i < pieces.size(); i++) {
      byPiece.putIfAbsent(pieces.get(i), i);
    }
  }

  /**
   * Reads a file: the length of the longest piece, then for each its score, length and UTF-8.
   *
   * @param where the file, for messages
   */
  static ScoredPieceTokenizer parse(String where, byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.remaining() < Integer.BYTES) {
      throw malformed(where, bytes, "the length of the longest piece");
    }
    int longest = bytes.getInt();
    if (longest < 1 || longest > LONGEST_PIECE) {
      throw malformed(where, bytes.position(0), "a longest piece of 1 to " + LONGEST_PIECE);
    }
    var pieces = new ArrayList<String>();
    var scores = new ArrayList<Float>();
    while (bytes.hasRemaining()) {
      if (bytes.remaining() < Float.BYTES + Integer.BYTES) {
        throw malformed(where, bytes, "a piece's score and length");
      }
      scores.add(bytes.getFloat());
      int length = bytes.getInt();
      if (length < 0 || length > Math.min(longest, bytes.remaining())) {
        throw malformed(
            where,
            bytes.position(bytes.position() - Integer.BYTES),
            "a length of 0 to " + Math.min(longest, bytes.remaining()));
      }
      var piece = new byte[length];
      bytes.get(piece);
      pieces.add(new String(piece, StandardCharsets.UTF_8));
    }
    if (pieces.size() < LEAST) {
      throw malformed(where, bytes, "at least " + LEAST + " pieces");
    }
    var all = new float[scores.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = scores.get(i);
    }
    return new ScoredPieceTokenizer(pieces, all);
  }

  private static MalformedInputException malformed(String where, ByteBuffer at, String expected) {
    return new MalformedInputException(
        ErrorCode.STORAGE, where, at.position(), "vocabulary: expected " + expected);
  }

  /** A token's text; of the first {@link #LEAST} it says nothing. */
  String piece(int token) {
    return pieces.get(token);
  }

  /** A token's score. */
  float score(int token) {
    return scores[token];
  }

  @Override
  public int vocabulary() {
    return pieces.size();
  }

  @Override
  public OptionalInt beginning() {
    return OptionalInt.of(BEGINNING);
  }

  @Override
  public int[] encode(String text) {
    if (text.isEmpty()) {
      return new int[0];
    }
    return merger.merge(
        (" " + text).codePoints().flatMap(c -> piecesOf(c).stream().mapToInt(i -> i)).toArray());
  }

  private List<Integer> piecesOf(int codePoint) {
    String character = Character.toString(codePoint);
    Integer known = byPiece.get(character);
    if (known != null) {
      return List.of(known);
    }
    var bytes = new ArrayList<Integer>();
    for (byte value : character.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(FIRST_BYTE + Byte.toUnsignedInt(value));
    }
    return bytes;
  }

  private PairMerger.@Nullable Union union(int left, int right) {
    Integer token = byPiece.get(pieces.get(left) + pieces.get(right));
    return token == null ? null : new PairMerger.Union(token, -scores[token]);
  }

  @Override
  public String decode(int... tokens) {
    var bytes = new ByteArrayOutputStream();
    boolean first = true;
    for (int token : tokens) {
      if (token >= FIRST_BYTE && token < LEAST) {
        bytes.write(token - FIRST_BYTE);
      } else if (token >= FIRST_BYTE) {
        String piece = pieces.get(token);
        String shown = first && piece.startsWith(" ") ? piece.substring(1) : piece;
        bytes.writeBytes(shown.getBytes(StandardCharsets.UTF_8));
      } else {
        // The unknown one, a beginning and an end are no text.
        pieces.get(token);
        continue;
      }
      first = false;
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
