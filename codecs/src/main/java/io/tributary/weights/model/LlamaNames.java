package io.tributary.weights.model;

import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How files name the tensors of such a model, and where they say what shapes don't. */
enum LlamaNames {
  /** One letter for each part. */
  LETTERS("e.weight", "b.%d.", "n", "output.weight", "config.h", "config.kv", "config.ctx") {
    @Override
    String suffix(LlamaPart part) {
      return switch (part) {
        case ATTENTION_NORM -> "n1";
        case QUERY -> "q.weight";
        case KEY -> "k.weight";
        case VALUE -> "v.weight";
        case ATTENTION_OUTPUT -> "o.weight";
        case FEED_FORWARD_NORM -> "n2";
        case GATE -> "g.weight";
        case UP -> "u.weight";
        case DOWN -> "w.weight";
      };
    }
  },
  /** As the first of these models were published, and llama2.c's files after them. */
  NUMBERS(
      "tok_embeddings.weight",
      "layers.%d.",
      "norm.weight",
      "output.weight",
      "n_heads",
      "n_kv_heads",
      "max_seq_len") {
    @Override
    String suffix(LlamaPart part) {
      return switch (part) {
        case ATTENTION_NORM -> "attention_norm.weight";
        case QUERY -> "attention.wq.weight";
        case KEY -> "attention.wk.weight";
        case VALUE -> "attention.wv.weight";
        case ATTENTION_OUTPUT -> "attention.wo.weight";
        case FEED_FORWARD_NORM -> "ffn_norm.weight";
        case GATE -> "feed_forward.w1.weight";
        case UP -> "feed_forward.w3.weight";
        case DOWN -> "feed_forward.w2.weight";
      };
    }
  },
  /** As in GGUF files of the architecture {@code llama}. */
  BLOCKS(
      "token_embd.weight",
      "blk.%d.",
      "output_norm.weight",
      "output.weight",
      "llama.attention.head_count",
      "llama.attention.head_count_kv",
      "llama.context_length") {
    @Override
    String suffix(LlamaPart part) {
      return switch (part) {
        case ATTENTION_NORM -> "attn_norm.weight";
        case QUERY -> "attn_q.weight";
        case KEY -> "attn_k.weight";
        case VALUE -> "attn_v.weight";
        case ATTENTION_OUTPUT -> "attn_output.weight";
        case FEED_FORWARD_NORM -> "ffn_norm.weight";
        case GATE -> "ffn_gate.weight";
        case UP -> "ffn_up.weight";
        case DOWN -> "ffn_down.weight";
      };
    }
  };

  private final String embedding;
  private final String layer;
  private final String norm;
  private final String output;
  private final String heads;
  private final String kvHeads;
  private final String context;

  LlamaNames(
      String embedding,
      String layer,
      String norm,
      String output,
      String heads,
      String kvHeads,
      String context) {
    this.embedding = embedding;
    this.layer = layer;
    this.norm = norm;
    this.output = output;
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.context = context;
  }

  /** What a layer's tensor is called behind the layer's own name. */
  abstract String suffix(LlamaPart part);

  /** The names that a file uses, or empty. */
  static Optional<LlamaNames> of(WeightFile file) {
    Set<String> found = found(file);
    return Arrays.stream(values())
        .filter(
            names ->
                found.contains(names.embedding)
                    && found.contains(names.norm)
                    && found.contains(names.of(0, LlamaPart.GATE)))
        .findFirst();
  }

  private static Set<String> found(WeightFile file) {
    return file.tensors().stream().map(WeightTensor::name).collect(Collectors.toUnmodifiableSet());
  }

  /** A tensor of a layer. */
  String of(int index, LlamaPart part) {
    return layer.replace("%d", String.valueOf(index)) + suffix(part);
  }

  /** What a file's tensors are called by other names, as far as they have these. */
  Map<String, String> in(LlamaNames others, WeightFile file) {
    var names = new HashMap<String, String>();
    names.put(embedding, others.embedding);
    names.put(norm, others.norm);
    names.put(output, others.output);
    Set<String> found = found(file);
    for (int index = 0; found.contains(of(index, LlamaPart.GATE)); index++) {
      for (LlamaPart part : LlamaPart.values()) {
        names.put(of(index, part), others.of(index, part));
      }
    }
    names.keySet().retainAll(found);
    return names;
  }

  String embedding() {
    return embedding;
  }

  String norm() {
    return norm;
  }

  /** The output's own weights, if it has any. */
  String output() {
    return output;
  }

  /** The metadata that say how many heads of queries there are. */
  String heads() {
    return heads;
  }

  /** The metadata that say how many heads of keys and values there are, if fewer. */
  String kvHeads() {
    return kvHeads;
  }

  /** The metadata that say how long a sequence may be. */
  String context() {
    return context;
  }
}
