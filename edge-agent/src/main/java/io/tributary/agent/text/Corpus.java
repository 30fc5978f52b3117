package io.tributary.agent.text;

import io.tributary.error.Errors;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text dealt to the agents of a run: every tenth file is held out and nobody trains on it; the
 * others go round to agents 0, 1, 2, ... in the order of their names. With too few files for that
 * (fewer than ten an agent) the whole text is first cut into pieces of equal length, and the pieces
 * are dealt.
 *
 * <p>The same files and the same number of agents give the same shares everywhere. Immutable, safe
 * for any thread.
 */
public final class Corpus {
  private static final int HELD_OUT_EVERY = 10;
  private static final int FILES_AN_AGENT = 10;
  private static final int PIECES_AN_AGENT = 20;

  /** The most agents that a text can be dealt to. */
  public static final int MAX_AGENTS = 4096;

  private final Path where;
  private final List<byte[]> shares;
  private final byte[] heldOut;

  private Corpus(Path where, List<byte[]> shares, byte[] heldOut) {
    this.where = where;
    this.shares = shares;
    this.heldOut = heldOut;
  }

  /**
   * Reads a text file, a folder of text files (with its sub-folders), or a jar or zip of sources,
   * and deals it to {@code agents} agents. Leading block comments that speak of a licence are left
   * out.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if {@code where} holds no
   *     text, or less than {@code agents} can share; {@code LIMIT_EXCEEDED} if it holds more than
   *     256 MiB or 100,000 files; {@code STORAGE} if it can't be read
   */
  public static Corpus read(Path where, int agents) {
    if (agents < 1 || agents > MAX_AGENTS) {
      throw Errors.invalidSetting("agents", agents, "a number from 1 to " + MAX_AGENTS);
    }
    List<SourceText> texts = TextSource.read(where);
    if (texts.size() < FILES_AN_AGENT * agents) {
      texts = cut(where, texts, PIECES_AN_AGENT * agents);
    }
    var heldOut = new ByteArrayOutputStream();
    var shares = new ArrayList<ByteArrayOutputStream>();
    for (int a = 0; a < agents; a++) {
      shares.add(new ByteArrayOutputStream());
    }
    int dealt = 0;
    for (int i = 0; i < texts.size(); i++) {
      boolean kept = i % HELD_OUT_EVERY == HELD_OUT_EVERY - 1;
      ByteArrayOutputStream target = kept ? heldOut : shares.get(dealt++ % agents);
      target.writeBytes(texts.get(i).bytes());
    }
    return new Corpus(
        where,
        shares.stream().map(ByteArrayOutputStream::toByteArray).toList(),
        heldOut.toByteArray());
  }

  private static List<SourceText> cut(Path where, List<SourceText> texts, int pieces) {
    var joined = new ByteArrayOutputStream();
    texts.forEach(text -> joined.writeBytes(text.bytes()));
    byte[] all = joined.toByteArray();
    if (all.length < pieces) {
      throw Errors.invalidSetting(
          "text " + where, all.length + " bytes", "at least " + pieces + " bytes to cut and deal");
    }
    var cut = new ArrayList<SourceText>();
    for (int i = 0; i < pieces; i++) {
      int from = (int) ((long) all.length * i / pieces);
      int to = (int) ((long) all.length * (i + 1) / pieces);
      cut.add(new SourceText("piece " + i, Arrays.copyOfRange(all, from, to)));
    }
    return cut;
  }

  /** The number of shares. */
  public int agents() {
    return shares.size();
  }

  /** The number of bytes that {@code agent}, counted from 0, trains on. */
  public int shareBytes(int agent) {
    return shares.get(agent).length;
  }

  /** A copy of what {@code agent} trains on. */
  byte[] share(int agent) {
    return shares.get(agent).clone();
  }

  /** The number of bytes that nobody trains on. */
  public int heldOutBytes() {
    return heldOut.length;
  }

  /**
   * The windows that {@code agent}, counted from 0, trains on.
   *
   * @param context predicted bytes a window
   * @param batch windows a step
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the share is shorter
   *     than one window
   */
  public WindowSampler sampler(int agent, long seed, int context, int batch) {
    byte[] share = shares.get(agent);
    if (share.length < context + 1) {
      throw tooShort("share of agent " + agent, share.length, context);
    }
    return new WindowSampler(share, seed, agent, context, batch);
  }

  /**
   * Held-out windows at even distances, the same for everybody.
   *
   * @param context predicted bytes a window
   * @param windows the most windows; there are fewer if they would overlap
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the held-out text is
   *     shorter than one window
   */
  public HeldOutWindows heldOut(int context, int windows) {
    if (heldOut.length < context + 1) {
      throw tooShort("held-out part", heldOut.length, context);
    }
    return new HeldOutWindows(heldOut, context, windows);
  }

  private RuntimeException tooShort(String part, int found, int context) {
    return Errors.invalidSetting(
        "text " + where,
        "a " + part + " of " + found + " bytes",
        "at least "
            + (context + 1)
            + " in each part, one window; give a longer text, fewer agents"
            + " or a shorter context");
  }
}
