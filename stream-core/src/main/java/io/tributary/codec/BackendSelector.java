package io.tributary.codec;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Picks a codec's back end and says in one log line which and why no better one, for instance
 * {@code int8block: SIMD (512 bit); GPU not used: no OpenCL device}.
 *
 * <p>{@code auto} takes the first of GPU, SIMD, SCALAR that is usable and not discouraged. A back
 * end that is asked for by name is taken even if discouraged; if it is unusable, the selector falls
 * back as {@code auto} does, or fails if strict. A codec that has no such back end at all is no
 * failure: its next lower one is as good as it gets.
 *
 * <p>Stateless, safe for any thread.
 */
public final class BackendSelector {
  private static final Logger log = LoggerFactory.getLogger(BackendSelector.class);
  private static final List<Backend> BEST_FIRST =
      List.of(Backend.GPU, Backend.SIMD, Backend.SCALAR);

  private final String wanted;
  private final boolean strict;

  /**
   * A selector for given settings.
   *
   * @param wanted {@code auto} or a back end's name in lower case
   * @param strict whether to fail instead of falling back
   */
  BackendSelector(String wanted, boolean strict) {
    this.wanted = wanted;
    this.strict = strict;
  }

  /** A selector for the settings in force. */
  public static BackendSelector configured() {
    return new BackendSelector(CodecSettings.BACKEND.get(), CodecSettings.BACKEND_STRICT.get());
  }

  /**
   * The back end for a codec; logs the choice.
   *
   * @throws TributaryException {@code BACKEND_UNAVAILABLE} if strict, and the back end that was
   *     asked for exists but can't be used
   */
  public Backend select(BackendOffer offer) {
    var passedOver = new ArrayList<String>();
    for (Backend backend : BEST_FIRST) {
      if (!offer.backends().contains(backend)) {
        continue;
      }
      String reason = reasonAgainst(offer, backend);
      if (reason.isEmpty()) {
        log.info("{}", line(offer, backend, passedOver));
        return backend;
      }
      passedOver.add(backend + " not used: " + reason);
    }
    throw new TributaryException(
        ErrorCode.BACKEND_UNAVAILABLE,
        offer.label() + ": no back end left; " + String.join("; ", passedOver));
  }

  private String reasonAgainst(BackendOffer offer, Backend backend) {
    String name = backend.name().toLowerCase(Locale.ROOT);
    boolean named = wanted.equals(name);
    boolean auto = wanted.equals("auto");
    if (!auto && !named && backend.compareTo(wantedBackend()) > 0) {
      return "backend=" + wanted;
    }
    if (!named) {
      String discouraged = offer.discouragedBecause(backend);
      if (!discouraged.isEmpty()) {
        return discouraged;
      }
    }
    String reason = offer.unusableBecause(backend);
    if (!reason.isEmpty() && named && strict) {
      throw new TributaryException(
          ErrorCode.BACKEND_UNAVAILABLE,
          offer.label()
              + ": back end "
              + name
              + " is demanded by "
              + CodecSettings.BACKEND.property()
              + " and can't be used: "
              + reason);
    }
    return reason;
  }

  private Backend wantedBackend() {
    return Backend.valueOf(wanted.toUpperCase(Locale.ROOT));
  }

  private static String line(BackendOffer offer, Backend chosen, List<String> passedOver) {
    var text = new StringBuilder(offer.label() + ": " + chosen);
    String detail = offer.detail(chosen);
    if (!detail.isEmpty()) {
      text.append(" (").append(detail).append(')');
    }
    passedOver.forEach(reason -> text.append("; ").append(reason));
    return text.toString();
  }
}
