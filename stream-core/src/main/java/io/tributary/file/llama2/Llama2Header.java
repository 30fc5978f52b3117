package io.tributary.file.llama2;

import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import io.tributary.file.WeightTensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The seven numbers of a file, each checked.
 *
 * @param dim the model's width
 * @param hidden the width of its feed-forward layers
 * @param layers how many there are
 * @param heads of queries
 * @param kvHeads of keys and values
 * @param vocabulary the number of tokens
 * @param ownOutput whether the output has weights of its own
 * @param context the longest sequence
 */
record Llama2Header(
    int dim,
    int hidden,
    int layers,
    int heads,
    int kvHeads,
    int vocabulary,
    boolean ownOutput,
    int context) {
  /** The bytes of the numbers. */
  static final int BYTES = 7 * Integer.BYTES;

  private static final int MOST_WIDE = 1 << 20;
  private static final int MOST_LAYERS = 1 << 12;
  private static final int MOST_TOKENS = 1 << 24;

  /** Reads the numbers, or says what is wrong with one. */
  static Llama2Header read(String where, ByteBuffer bytes) {
    int vocabulary = bytes.getInt(20);
    var header =
        new Llama2Header(
            number(where, bytes, 0, "width", MOST_WIDE),
            number(where, bytes, 4, "width of the feed-forward layers", MOST_WIDE),
            number(where, bytes, 8, "layers", MOST_LAYERS),
            number(where, bytes, 12, "heads", MOST_WIDE),
            number(where, bytes, 16, "heads of keys and values", MOST_WIDE),
            checked(where, 20, "size of the vocabulary", Math.abs(vocabulary), MOST_TOKENS),
            vocabulary < 0,
            number(where, bytes, 24, "context", MOST_TOKENS));
    if (header.dim % header.heads != 0 || header.dim / header.heads % 2 != 0) {
      throw malformed(where, 12, "heads of even width", header.heads + " of " + header.dim);
    }
    if (header.heads % header.kvHeads != 0) {
      throw malformed(
          where, 16, "a divisor of " + header.heads + " heads", String.valueOf(header.kvHeads));
    }
    return header;
  }

  /** Whether a file's beginning could be one. */
  static boolean looksLikeOne(ByteBuffer beginning) {
    if (beginning.remaining() < BYTES) {
      return false;
    }
    try {
      return read("", beginning).layers > 0;
    } catch (MalformedInputException e) {
      return false;
    }
  }

  private static int number(String where, ByteBuffer bytes, int at, String what, int most) {
    return checked(where, at, what, bytes.getInt(at), most);
  }

  private static int checked(String where, int at, String what, int found, int most) {
    if (found < 1 || found > most) {
      throw malformed(where, at, what + " of 1 to " + most, String.valueOf(found));
    }
    return found;
  }

  private static MalformedInputException malformed(
      String where, int at, String expected, String found) {
    return new MalformedInputException(
        ErrorCode.STORAGE, where, at, "expected " + expected + ", found " + found);
  }

  private long kvWidth() {
    return (long) dim / heads * kvHeads;
  }

  /** All tensors in the order of their bytes, which follow each other without gaps. */
  List<WeightTensor> tensors() {
    var all = new ArrayList<WeightTensor>();
    all.add(tensor("tok_embeddings.weight", vocabulary, dim));
    addLayers(all, "attention_norm.weight", dim);
    addLayers(all, "attention.wq.weight", dim, dim);
    addLayers(all, "attention.wk.weight", kvWidth(), dim);
    addLayers(all, "attention.wv.weight", kvWidth(), dim);
    addLayers(all, "attention.wo.weight", dim, dim);
    addLayers(all, "ffn_norm.weight", dim);
    addLayers(all, "feed_forward.w1.weight", hidden, dim);
    addLayers(all, "feed_forward.w2.weight", dim, hidden);
    addLayers(all, "feed_forward.w3.weight", hidden, dim);
    all.add(tensor("norm.weight", dim));
    all.add(tensor("freqs_cos", context, dim / heads / 2));
    all.add(tensor("freqs_sin", context, dim / heads / 2));
    if (ownOutput) {
      all.add(tensor("output.weight", vocabulary, dim));
    }
    return all;
  }

  private void addLayers(List<WeightTensor> all, String name, long... shape) {
    for (int i = 0; i < layers; i++) {
      all.add(tensor("layers." + i + "." + name, shape));
    }
  }

  private static WeightTensor tensor(String name, long... shape) {
    var extents = new ArrayList<Long>();
    long bytes = Float.BYTES;
    for (long extent : shape) {
      extents.add(extent);
      bytes *= extent;
    }
    return new WeightTensor(name, "F32", extents, bytes);
  }

  /** What the tensors' shapes don't say. */
  Map<String, String> metadata() {
    return Map.of(
        "n_heads", String.valueOf(heads),
        "n_kv_heads", String.valueOf(kvHeads),
        "max_seq_len", String.valueOf(context));
  }
}
