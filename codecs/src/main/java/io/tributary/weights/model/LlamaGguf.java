package io.tributary.weights.model;

import io.tributary.file.WeightFile;
import io.tributary.file.gguf.GgufMetadata;
import java.util.Map;
import java.util.Optional;

/**
 * A Llama-style model as files of the GGUF architecture {@code llama} tell it: what its tensors are
 * called there, and its extents. That architecture turns neighbouring values of queries and keys
 * together, as all models that are read here do, so that no row changes its place.
 */
public final class LlamaGguf {
  /** What all names of metadata of this architecture begin with. */
  public static final String PREFIX = "llama.";

  private final LlamaShape shape;
  private final Map<String, String> names;

  private LlamaGguf(LlamaShape shape, Map<String, String> names) {
    this.shape = shape;
    this.names = names;
  }

  /**
   * What a file's model is, or empty if its tensors aren't such a model's.
   *
   * @throws io.tributary.error.TributaryException {@code STORAGE} if it is one, but its extents are
   *     not told or contradict each other
   */
  public static Optional<LlamaGguf> of(WeightFile file) {
    return LlamaNames.of(file)
        .map(
            names -> {
              LlamaShape shape = LlamaShape.of(file, names);
              return new LlamaGguf(shape, names(file));
            });
  }

  /** What a file's tensors are called there, as far as they are such a model's weights. */
  public static Map<String, String> names(WeightFile file) {
    return LlamaNames.of(file).map(found -> found.in(LlamaNames.BLOCKS, file)).orElse(Map.of());
  }

  /** A tensor's name there; empty if it isn't one of the model's weights. */
  public Optional<String> name(String tensor) {
    return Optional.ofNullable(names.get(tensor));
  }

  /** Adds the architecture and the model's extents to a file's metadata. */
  public void describe(GgufMetadata target) {
    target.text("general.architecture", "llama");
    target.number("llama.vocab_size", shape.vocabulary());
    target.number("llama.context_length", shape.context());
    target.number("llama.embedding_length", shape.dim());
    target.number("llama.block_count", shape.layers());
    target.number("llama.feed_forward_length", shape.hidden());
    target.number("llama.attention.head_count", shape.heads());
    target.number("llama.attention.head_count_kv", shape.kvHeads());
    target.number("llama.rope.dimension_count", shape.headWidth());
    target.decimal("llama.rope.freq_base", (float) shape.ropeBase());
    target.decimal("llama.attention.layer_norm_rms_epsilon", (float) shape.epsilon());
  }
}
