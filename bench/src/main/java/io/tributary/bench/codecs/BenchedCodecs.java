package io.tributary.bench.codecs;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecChoice;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is measured: the product's codecs by the text that a policy would use, with every block size
 * that their description names by default or for heavy tails, and rivals.
 */
final class BenchedCodecs {
  /** Stands for the back end of what isn't ours. */
  static final String RIVAL = "rival";

  private static final List<String> PARAMETERS = List.of("", "32", "64", "128", "256");

  private BenchedCodecs() {}

  /** The names of all, the product's first. */
  static List<String> names() {
    var names = new ArrayList<String>();
    for (CodecProvider provider : CodecRegistry.load().providers()) {
      String name = provider.id().name();
      names.add(name);
      for (String parameter : PARAMETERS) {
        if (!parameter.isEmpty() && understands(provider, parameter)) {
          names.add(name + ":" + parameter);
        }
      }
    }
    names.addAll(List.of("int8block+zstd", "int8block+lz4", "lucene7"));
    return names;
  }

  private static boolean understands(CodecProvider provider, String parameter) {
    try {
      int block = provider.create(Backend.SCALAR, parameter).blockElements();
      return block == Integer.parseInt(parameter)
          && block != provider.create(Backend.SCALAR, "").blockElements();
    } catch (io.tributary.error.TributaryException e) {
      return false;
    }
  }

  /**
   * The codec of a name.
   *
   * @param sample values of the kind that will be encoded, for rivals that must know them before
   */
  static TensorCodec create(String name, float[] sample) {
    return switch (name) {
      case "int8block+zstd" -> CompressedCodec.zstd(create("int8block", sample));
      case "int8block+lz4" -> CompressedCodec.lz4(create("int8block", sample));
      case "lucene7" -> new LuceneScalarCodec(sample);
      default -> {
        CodecChoice choice = CodecChoice.parse(name);
        CodecProvider provider = provider(choice);
        yield provider.create(backend(provider), choice.parameter());
      }
    };
  }

  /** The back end that {@link #create} takes. */
  static String backend(String name) {
    if (name.startsWith("lucene")) {
      return RIVAL;
    }
    int plus = name.indexOf('+');
    return plus < 0
        ? backend(provider(CodecChoice.parse(name))).name().toLowerCase(Locale.ROOT)
        : backend(name.substring(0, plus)) + ", " + RIVAL;
  }

  private static CodecProvider provider(CodecChoice choice) {
    CodecRegistry registry = CodecRegistry.load();
    registry.check(choice);
    return registry.providers().stream()
        .filter(candidate -> candidate.id().name().equals(choice.name()))
        .findFirst()
        .orElseThrow();
  }

  /** OpenCL devices have a bench of their own. */
  private static Backend backend(CodecProvider provider) {
    boolean vectors =
        provider.backends().contains(Backend.SIMD)
            && provider.unusableBecause(Backend.SIMD).isEmpty();
    return vectors ? Backend.SIMD : Backend.SCALAR;
  }
}
