package io.tributary.agent.split;

import io.tributary.agent.trainer.SplitMiddle;
import io.tributary.agent.trainer.SplitPart;
import io.tributary.agent.trainer.SplitTop;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.LearnedCodecs;
import java.util.function.Supplier;

/**
 * What a server has of the model: the top, or the middle where labels stay, which all clients
 * share, and an end of the cuts for each of them.
 *
 * <p>Used by one thread at a time.
 */
final class ServerModel implements AutoCloseable {
  private final CodecId codec;
  private final int mostBytes;
  private final SplitPart part;
  private final Supplier<ServedEnd> ends;

  /**
   * Opens the part with its initial values.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} for a cut outside the
   *     model or a plan that the codec can't meet, {@code UNKNOWN_CODEC}
   */
  ServerModel(SplitTerms terms) {
    var codecs = LearnedCodecs.load(CodecRegistry.load());
    // Both ends: a parameter that no client could use is said here, not at the first client.
    try (var mine = codecs.openPeer(terms.codec(), terms.cutPlan());
        var theirs = codecs.open(terms.codec(), terms.cutPlan())) {
      codec = mine.id();
      mostBytes = theirs.maxEncodedLength(terms.cutPlan().maxRows());
    }
    TrainerProvider engine = TrainerProvider.named(terms.engine());
    if (terms.labelsStay()) {
      SplitMiddle middle = engine.openMiddle(terms.training(), terms.seed() + 2);
      part = middle;
      ends =
          () ->
              new ServedMiddle(
                  middle,
                  codecs.openPeer(terms.codec(), terms.cutPlan()),
                  codecs.open(terms.codec(), terms.lastCutPlan()),
                  terms);
    } else {
      SplitTop top = engine.openTop(terms.training(), terms.seed() + 1);
      part = top;
      ends = () -> new ServedTop(top, codecs.openPeer(terms.codec(), terms.cutPlan()), terms);
    }
  }

  CodecId codec() {
    return codec;
  }

  /** The most bytes of a micro-batch's activations. */
  int mostBytes() {
    return mostBytes;
  }

  SplitPart part() {
    return part;
  }

  /** A new end, which the caller closes. */
  ServedEnd openEnd() {
    return ends.get();
  }

  @Override
  public void close() {
    part.close();
  }
}
