package io.tributary.bench.codecs;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecChoice;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.error.TributaryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is measured: the product's codecs by the text that a policy would use, with every block size
 * of block codecs and the usual rates of coded ones, and rivals.
 */
final class BenchedCodecs {
  /** Stands for the back end of what isn't ours. */
  static final String RIVAL = "rival";

  private static final List<String> BLOCK_SIZES = List.of("32", "64", "128", "256");

  /** What codecs without blocks are measured at beside their defaults, by their names. */
  private static final Map<String, List<String>> RATES =
      Map.of(
          "ecq", List.of("0.25b", "0.5b", "0.9b", "2b", "4b", "6b"),
          "topk", List.of("0.01-4b", "0.03-2b"));

  private BenchedCodecs() {}

  /** The names of all, the product's first. */
  static List<String> names() {
    var names = new ArrayList<String>();
    for (CodecProvider provider : CodecRegistry.load().providers()) {
      String name = provider.id().name();
      names.add(name);
      for (String size : BLOCK_SIZES) {
        if (understands(provider, size)) {
          names.add(name + ":" + size);
        }
      }
      for (String rate : RATES.getOrDefault(name, List.of())) {
        names.add(name + ":" + rate);
      }
    }
    names.addAll(List.of("int8block+zstd", "int8block+lz4", "lucene7"));
    return names;
  }

  /** Whether a text names a codec of the product with a parameter that it takes. */
  static boolean understands(String name) {
    try {
      create(name, new float[0]);
      return true;
    } catch (TributaryException e) {
      return false;
    }
  }

  private static boolean understands(CodecProvider provider, String parameter) {
    try {
      int block = provider.create(Backend.SCALAR, parameter).blockElements();
      return block == Integer.parseInt(parameter)
          && block != provider.create(Backend.SCALAR, "").blockElements();
    } catch (TributaryException e) {
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
