package io.tributary.coordinator.guard;

import io.tributary.codec.CodecRegistry;
import io.tributary.coordinator.journal.RunRecord;
import io.tributary.error.Errors;
import io.tributary.run.Fragment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a run is guarded against a few bad contributions: which are left out, what bounds the length
 * of the others, and what is taken of each coordinate. With a guard all contributions weigh the
 * same, since an agent could say any number of tokens.
 *
 * <p>Immutable, safe for any thread.
 */
public final class Guard {
  /** The most agents of a run with a guard: comparisons grow with the square of their number. */
  public static final int MOST_AGENTS = 64;

  /** Fewer contributions than this can't outvote one of them. */
  private static final int LEAST_COMPARED = 3;

  private static final String FORM =
      "none, or up to one each of clip:FACTOR, of spectral or krum:F or krum:F,TAKEN, and of"
          + " trimmed-mean:F or median, joined with +";
  private static final Pattern PART =
      Pattern.compile(
          "(?<none>none)|(?<spectral>spectral)|krum:(?<krum>\\d{1,2})(,(?<taken>\\d{1,2}))?"
              + "|trimmed-mean:(?<trimmed>\\d{1,2})|(?<median>median)"
              + "|clip:(?<clip>\\d{1,4}(\\.\\d{1,4})?)");

  private final String text;
  private final @Nullable ContributionFilter filter;
  private final @Nullable CoordinateCombiner combiner;
  private final double clip;

  private Guard(
      String text,
      @Nullable ContributionFilter filter,
      @Nullable CoordinateCombiner combiner,
      double clip) {
    this.text = text;
    this.filter = filter;
    this.combiner = combiner;
    this.clip = clip;
  }

  /**
   * A contribution that is left out.
   *
   * @param index which one
   * @param reason why, with the numbers that decided it
   */
  public record Exclusion(int index, String reason) {}

  /**
   * What a guard says of contributions.
   *
   * @param exclusions who is left out, by rising index
   * @param scales what each contribution is multiplied with, the excluded ones too
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier: equality is of no interest
  public record Verdict(List<Exclusion> exclusions, float[] scales) {
    /** Copies the list. */
    public Verdict {
      exclusions = List.copyOf(exclusions);
    }

    /** Whether a contribution goes in. */
    public boolean takes(int index) {
      return exclusions.stream().noneMatch(e -> e.index() == index);
    }
  }

  /**
   * Reads {@code none}, or parts joined with {@code +}: {@code clip:FACTOR} (1 or more: no
   * contribution is longer than so many median lengths), {@code spectral}, {@code krum:F}, {@code
   * krum:F,TAKEN}, {@code trimmed-mean:F} and {@code median}.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it is something else
   */
  public static Guard parse(String text) {
    ContributionFilter filter = null;
    CoordinateCombiner combiner = null;
    double clip = 0;
    for (String part : text.split("\\+", -1)) {
      Matcher form = PART.matcher(part);
      if (!form.matches() || (form.group("none") != null && !text.equals("none"))) {
        throw malformed(text);
      }
      ContributionFilter itsFilter = filterOf(form, text);
      CoordinateCombiner itsCombiner = combinerOf(form, text);
      double itsClip = form.group("clip") == null ? 0 : Double.parseDouble(form.group("clip"));
      boolean second =
          (filter != null && itsFilter != null)
              || (combiner != null && itsCombiner != null)
              || (clip > 0 && itsClip > 0);
      if (second || (form.group("clip") != null && itsClip < 1)) {
        throw malformed(text);
      }
      filter = itsFilter == null ? filter : itsFilter;
      combiner = itsCombiner == null ? combiner : itsCombiner;
      clip = Math.max(clip, itsClip);
    }
    return new Guard(text, filter, combiner, clip);
  }

  private static @Nullable ContributionFilter filterOf(Matcher part, String text) {
    if (part.group("spectral") != null) {
      return new SpectralFilter();
    }
    if (part.group("krum") == null) {
      return null;
    }
    String taken = part.group("taken");
    int bad = atLeastOne(part.group("krum"), text);
    return new KrumFilter(bad, taken == null ? 1 : atLeastOne(taken, text));
  }

  private static @Nullable CoordinateCombiner combinerOf(Matcher part, String text) {
    if (part.group("median") != null) {
      return CoordinateCombiner.MEDIAN;
    }
    String trimmed = part.group("trimmed");
    return trimmed == null ? null : new CoordinateCombiner(atLeastOne(trimmed, text));
  }

  private static int atLeastOne(String number, String text) {
    int value = Integer.parseInt(number);
    if (value < 1) {
      throw malformed(text);
    }
    return value;
  }

  private static RuntimeException malformed(String text) {
    return Errors.invalidSetting("guard", "'" + text + "'", FORM);
  }

  /**
   * Checks that a run of so many agents can be guarded.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if there are too few for
   *     what may be bad, or too many to compare
   */
  public void check(int agents) {
    if (!isOn()) {
      return;
    }
    int least = LEAST_COMPARED;
    if (filter instanceof KrumFilter krum) {
      least = Math.max(2 * krum.bad() + 3, krum.bad() + krum.taken());
    }
    if (combiner != null && !combiner.equals(CoordinateCombiner.MEDIAN)) {
      least = Math.max(least, 2 * combiner.bad() + 1);
    }
    if (agents < least || agents > MOST_AGENTS) {
      throw Errors.invalidSetting(
          "agents of a run with guard " + text, agents, least + " to " + MOST_AGENTS);
    }
  }

  /** Whether anything is guarded. */
  public boolean isOn() {
    return filter != null || combiner != null || clip > 0;
  }

  /** What takes the place of the mean, or null if nothing does. */
  public @Nullable CoordinateCombiner combiner() {
    return combiner;
  }

  /**
   * Judges the contributions to one version, in one pass over their chunks, or in none if only
   * coordinates are guarded.
   *
   * @param contributions the chunks of each, which cover the fragment, in participant order
   * @param bytes gives a chunk's encoded bytes as an array-backed buffer
   */
  public Verdict judge(
      Fragment fragment,
      List<List<RunRecord.Chunk>> contributions,
      CodecRegistry codecs,
      Function<RunRecord.Chunk, ByteBuffer> bytes) {
    int size = contributions.size();
    var scales = new float[size];
    Arrays.fill(scales, 1);
    if (size < LEAST_COMPARED || (filter == null && clip == 0)) {
      return new Verdict(List.of(), scales);
    }
    var products = Products.of(size, fragment, new AlignedChunks(contributions, codecs, bytes));
    if (clip > 0) {
      double most = clip * products.medianLength();
      for (int i = 0; i < size; i++) {
        double length = products.length(i);
        scales[i] = length > most ? (float) (most / length) : 1;
      }
    }
    return new Verdict(filter == null ? List.of() : filter.exclude(products), scales);
  }

  @Override
  public String toString() {
    return text;
  }
}
