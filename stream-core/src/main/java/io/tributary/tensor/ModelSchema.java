package io.tributary.tensor;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.tributary.error.Errors;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;

/**
 * The tensors of a model in their fixed order. Two processes speak of the same model exactly if
 * their {@link #hash()} agrees.
 *
 * @param tensors at least one; names are unique. A tied tensor stands here once, under one name.
 */
public record ModelSchema(List<TensorSpec> tensors) {
  /** Checks that names are unique. */
  public ModelSchema {
    tensors = List.copyOf(tensors);
    if (tensors.isEmpty()) {
      throw Errors.invalidSetting("model", "no tensor", "at least one tensor");
    }
    var names = new HashSet<String>();
    for (TensorSpec tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw Errors.invalidSetting("model", "two tensors named " + tensor.name(), "unique names");
      }
    }
  }

  /** The number of parameters. */
  @JsonIgnore
  public long parameters() {
    return tensors.stream().mapToLong(TensorSpec::elements).sum();
  }

  /**
   * SHA-256, as 64 hexadecimal digits, over names, shapes, roles, layers and initializers in order.
   */
  public String hash() {
    var text = new StringBuilder();
    for (TensorSpec t : tensors) {
      text.append(t.name()).append('\n').append(t.shape()).append('\n');
      text.append(t.role().number()).append(' ').append(t.layer()).append(' ');
      text.append(t.initializer().kind())
          .append(' ')
          .append(Float.floatToIntBits(t.initializer().scale()))
          .append('\n');
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
