package io.tributary.sketch;

import io.tributary.codec.Backend;
import io.tributary.codec.BackendSelector;
import io.tributary.error.Errors;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The methods of sketching that the class path has, by name. A method's back end is chosen when it
 * is first used, by the same settings as that of codecs. Safe for any thread.
 */
public final class SketchRegistry {
  private final Map<String, RowSketchProvider> byName = new TreeMap<>();
  private final Map<String, Backend> chosen = new ConcurrentHashMap<>();
  private final BackendSelector selector = BackendSelector.configured();

  private SketchRegistry(Iterable<RowSketchProvider> providers) {
    for (RowSketchProvider provider : providers) {
      RowSketchProvider first = byName.put(provider.name(), provider);
      if (first != null) {
        throw new IllegalStateException(
            "sketch "
                + provider.name()
                + " is claimed by "
                + first.getClass().getName()
                + " and by "
                + provider.getClass().getName());
      }
    }
  }

  /**
   * All methods of the class path.
   *
   * @throws IllegalStateException if two claim one name
   */
  public static SketchRegistry load() {
    return new SketchRegistry(ServiceLoader.load(RowSketchProvider.class));
  }

  /** The given methods. */
  public static SketchRegistry of(Collection<RowSketchProvider> providers) {
    return new SketchRegistry(providers);
  }

  /** All methods by name. */
  public List<RowSketchProvider> providers() {
    return List.copyOf(byName.values());
  }

  /**
   * Makes a sketch that has seen nothing.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if there is no such
   *     method, or if it can't do what the options ask for
   */
  public RowSketch create(String name, SketchOptions options) {
    RowSketchProvider provider = provider(name);
    return provider.create(chosen.computeIfAbsent(name, key -> selector.select(provider)), options);
  }

  /**
   * The bytes that a sketch has, see {@link RowSketchProvider#bytes}.
   *
   * @throws io.tributary.error.TributaryException as {@link #create}
   */
  public long bytes(String name, SketchOptions options) {
    return provider(name).bytes(options);
  }

  private RowSketchProvider provider(String name) {
    RowSketchProvider provider = byName.get(name);
    if (provider == null) {
      throw Errors.invalidSetting("sketch", "'" + name + "'", "one of " + byName.keySet());
    }
    return provider;
  }
}
