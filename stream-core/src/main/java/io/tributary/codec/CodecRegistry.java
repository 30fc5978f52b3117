package io.tributary.codec;

import io.tributary.error.UnsupportedFormatException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The codecs of this process: found by {@link ServiceLoader}, checked when loaded, looked up by
 * number to decode and by name to encode.
 *
 * <p>A codec's back end is chosen when the codec is first used, once, see {@link CodecSettings}.
 * Safe for any thread; the codecs that it hands out are shared.
 */
public final class CodecRegistry {
  private final Map<Integer, CodecProvider> byNumber;
  private final Map<String, CodecProvider> byName;
  private final BackendSelector selector;
  private final Map<CodecProvider, Backend> chosen = new ConcurrentHashMap<>();
  private final Map<String, TensorCodec> instances = new ConcurrentHashMap<>();

  private CodecRegistry(Map<Integer, CodecProvider> byNumber, BackendSelector selector) {
    this.byNumber = Collections.unmodifiableMap(byNumber);
    this.byName = new HashMap<>();
    this.selector = selector;
    byNumber.values().forEach(provider -> byName.put(provider.id().name(), provider));
  }

  /**
   * All codecs of the class path, with the back ends that the settings ask for.
   *
   * @throws IllegalStateException if two codecs claim one number or one name, or if a codec
   *     contradicts its provider
   */
  public static CodecRegistry load() {
    var providers = new ArrayList<CodecProvider>();
    ServiceLoader.load(CodecProvider.class).forEach(providers::add);
    return of(providers);
  }

  /** The given codecs, checked as {@link #load} does. */
  public static CodecRegistry of(Collection<? extends CodecProvider> providers) {
    return of(providers, BackendSelector.configured());
  }

  static CodecRegistry of(Collection<? extends CodecProvider> providers, BackendSelector selector) {
    var byNumber = new TreeMap<Integer, CodecProvider>();
    var byName = new HashMap<String, CodecProvider>();
    for (CodecProvider provider : providers) {
      checkCoherent(provider);
      CodecId id = provider.id();
      refuseSecond("number " + hex(id.number()), byNumber.put(id.number(), provider), provider);
      refuseSecond("name " + id.name(), byName.put(id.name(), provider), provider);
    }
    return new CodecRegistry(byNumber, selector);
  }

  /*
   * What a peer would otherwise find out: the identity that a codec writes must be the one that
   * its provider is known by.
   */
  private static void checkCoherent(CodecProvider provider) {
    if (!provider.backends().contains(Backend.SCALAR)) {
      throw new IllegalStateException(provider.getClass().getName() + " lacks the scalar back end");
    }
    TensorCodec codec = provider.create(Backend.SCALAR, "");
    if (!codec.id().equals(provider.id()) || codec.blockElements() < 1) {
      throw new IllegalStateException(
          provider.getClass().getName()
              + " is known as "
              + hex(provider.id().number())
              + " "
              + provider.id()
              + ", but makes a codec known as "
              + hex(codec.id().number())
              + " "
              + codec.id()
              + " with blocks of "
              + codec.blockElements());
    }
  }

  private static void refuseSecond(
      String what, @Nullable CodecProvider first, CodecProvider second) {
    if (first != null) {
      throw new IllegalStateException(
          "codec "
              + what
              + " is claimed by "
              + first.getClass().getName()
              + " and by "
              + second.getClass().getName());
    }
  }

  /**
   * The codec that decodes payloads of a number and format version.
   *
   * @throws UnsupportedFormatException {@code UNKNOWN_CODEC}, with the list of what is known
   */
  public TensorCodec forDecoding(int number, int version) {
    CodecProvider provider = byNumber.get(number);
    if (provider == null || !provider.id().reads(version)) {
      throw UnsupportedFormatException.codec(hex(number) + " version " + version, listed());
    }
    return instance(provider, "");
  }

  /**
   * The codec that a choice names, without its error feedback.
   *
   * @throws UnsupportedFormatException {@code UNKNOWN_CODEC}, with the list of what is known
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the codec doesn't
   *     understand the parameter
   */
  public TensorCodec codec(CodecChoice choice) {
    return instance(provider(choice), choice.parameter());
  }

  /** As {@link #codec(CodecChoice)}, from the text form. */
  public TensorCodec codec(String text) {
    return codec(CodecChoice.parse(text));
  }

  /**
   * Opens a session for one tensor of one stream.
   *
   * @param elements the number of elements of the tensor
   * @throws UnsupportedFormatException as {@link #codec(CodecChoice)}
   */
  public CodecSession session(CodecChoice choice, int elements) {
    TensorCodec codec = codec(choice);
    return choice.errorFeedback()
        ? new ErrorFeedbackSession(() -> codec, choice.feedback(), elements)
        : new PlainSession(() -> codec);
  }

  /** Opens a session that chooses among the rungs of a ladder, as {@link #session} does for one. */
  public LadderSession session(CodecLadder ladder, int elements) {
    return new LadderSession(
        ladder.rungs().stream().map(this::codec).toList(),
        ladder.rungs().get(0).feedback(),
        elements);
  }

  /** As {@link #session(CodecChoice, int)}, from the text form. */
  public CodecSession session(String text, int elements) {
    return session(CodecChoice.parse(text), elements);
  }

  /**
   * Checks that a choice names a known codec with a parameter that it understands; chooses no back
   * end.
   *
   * @throws UnsupportedFormatException as {@link #codec(CodecChoice)}
   */
  public void check(CodecChoice choice) {
    var unused = provider(choice).create(Backend.SCALAR, choice.parameter());
  }

  /** What HELLO lists: the format versions that each codec decodes, by ascending number. */
  public List<CodecRange> readable() {
    return byNumber.values().stream()
        .map(CodecProvider::id)
        .map(id -> new CodecRange(id.number(), id.oldest(), id.version()))
        .toList();
  }

  /** All codecs' providers by ascending number. */
  public List<CodecProvider> providers() {
    return List.copyOf(byNumber.values());
  }

  private CodecProvider provider(CodecChoice choice) {
    CodecProvider provider = byName.get(choice.name());
    if (provider == null) {
      throw UnsupportedFormatException.codec("'" + choice.name() + "'", listed());
    }
    return provider;
  }

  private TensorCodec instance(CodecProvider provider, String parameter) {
    return instances.computeIfAbsent(
        provider.id().name() + ":" + parameter,
        key -> provider.create(chosen.computeIfAbsent(provider, selector::select), parameter));
  }

  private List<String> listed() {
    return byNumber.values().stream()
        .map(CodecProvider::id)
        .map(id -> id.name() + " (" + hex(id.number()) + ", version " + versions(id) + ")")
        .toList();
  }

  private static String versions(CodecId id) {
    return id.oldest() == id.version() ? "" + id.version() : id.oldest() + " to " + id.version();
  }

  private static String hex(int number) {
    return String.format(Locale.ROOT, "0x%04x", number);
  }
}
