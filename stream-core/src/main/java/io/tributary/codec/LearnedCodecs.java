package io.tributary.codec;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The learned codecs of this process: found by {@link ServiceLoader}, opened by name. Back ends are
 * chosen as in {@link CodecRegistry}. Safe for any thread.
 */
public final class LearnedCodecs {
  private final Map<String, LearnedCodecProvider> byName;
  private final CodecRegistry codecs;
  private final BackendSelector selector = BackendSelector.configured();
  private final Map<LearnedCodecProvider, Backend> chosen = new ConcurrentHashMap<>();

  private LearnedCodecs(Map<String, LearnedCodecProvider> byName, CodecRegistry codecs) {
    this.byName = byName;
    this.codecs = codecs;
  }

  /**
   * All learned codecs of the class path.
   *
   * @param codecs what they may be built on
   * @throws IllegalStateException if two claim one name or one number, the numbers of {@code
   *     codecs} included
   */
  public static LearnedCodecs load(CodecRegistry codecs) {
    List<LearnedCodecProvider> found =
        ServiceLoader.load(LearnedCodecProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    var numbers = new TreeMap<Integer, String>();
    codecs.providers().forEach(p -> numbers.put(p.id().number(), p.id().name()));
    for (LearnedCodecProvider provider : found) {
      String other = numbers.putIfAbsent(provider.id().number(), provider.id().name());
      if (other != null) {
        throw new IllegalStateException(
            "codec number "
                + provider.id().number()
                + " is claimed by "
                + other
                + " and by "
                + provider.id());
      }
    }
    return new LearnedCodecs(
        found.stream()
            .collect(Collectors.toUnmodifiableMap(p -> p.id().name(), Function.identity())),
        codecs);
  }

  /** All learned codecs' providers by ascending number. */
  public Collection<LearnedCodecProvider> providers() {
    return byName.values().stream().sorted(Comparator.comparing(p -> p.id().number())).toList();
  }

  /**
   * Opens the end that sends activations. A codec that learns nothing serves as well.
   *
   * @param text {@code name[:parameter]}
   * @throws io.tributary.error.UnsupportedFormatException {@code UNKNOWN_CODEC}, with the list of
   *     what is known
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the parameter isn't
   *     understood, or the plan can't be met
   */
  public LearnedCodec open(String text, CutPlan plan) {
    CodecChoice choice = CodecChoice.parse(text);
    LearnedCodecProvider provider = byName.get(choice.name());
    return provider == null
        ? new PlainCutCodec(codecs.codec(choice), plan)
        : provider.open(backend(provider), codecs, plan, choice.parameter());
  }

  /** Opens the end that sends gradients, of the codec that a text names; see {@link #open}. */
  public LearnedPeer openPeer(String text, CutPlan plan) {
    CodecChoice choice = CodecChoice.parse(text);
    LearnedCodecProvider provider = byName.get(choice.name());
    return provider == null
        ? new PlainCutCodec(codecs.codec(choice), plan)
        : provider.openPeer(backend(provider), codecs, plan);
  }

  private Backend backend(LearnedCodecProvider provider) {
    return chosen.computeIfAbsent(provider, selector::select);
  }
}
