package io.tributary.bench.directions;

import io.tributary.agent.text.Corpus;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedCodecs;
import io.tributary.codec.LearnedPeer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Codecs of a cut on the same activations, with directions apart and without. */
final class DirectionsBench {
  /** The yardstick: the same coder without directions. */
  private static final String WITHOUT = "directions:0";

  private static final List<String> CODECS =
      List.of(WITHOUT, "directions", "directions:1", "amaqec", "ecq", "int4block");

  private final LearnedCodecs codecs = LearnedCodecs.load(CodecRegistry.load());
  private final boolean quick;

  DirectionsBench(boolean quick) {
    this.quick = quick;
  }

  /**
   * What the bench yields.
   *
   * @param rows a row for each set, budget and codec
   */
  public record Figures(List<DirectionsRow> rows) {
    /** Copies the list. */
    public Figures {
      rows = List.copyOf(rows);
    }
  }

  Figures run(Path text, long firstSeed, int seeds, PrintWriter out) {
    var rows = new ArrayList<DirectionsRow>();
    Corpus corpus = Corpus.read(text, 1);
    out.println(
        "| activations | seed | budget | codec | bits | error | bits at equal error | saved |");
    out.println("|---|---|---|---|---|---|---|---|");
    for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
      var sets = new ArrayList<>(ActivationSet.synthetic(seed));
      if (quick) {
        sets.add(RecordedActivations.quick().record(corpus, codecs, seed));
      } else {
        for (int cut = 1; cut < RecordedActivations.LAYERS; cut++) {
          sets.add(RecordedActivations.full(cut).record(corpus, codecs, seed));
        }
      }
      for (ActivationSet set : sets) {
        for (double budget : quick ? new double[] {3} : new double[] {2, 3, 4}) {
          compare(set, budget, seed, rows, out);
        }
      }
    }
    return new Figures(rows);
  }

  /** What came of all messages of a set. */
  private record Sent(long bytes, double error) {}

  private void compare(
      ActivationSet set, double budget, long seed, List<DirectionsRow> rows, PrintWriter out) {
    Sent without = send(set, WITHOUT, budget, seed);
    double values = (double) set.messages().size() * set.rows() * set.channels();
    for (String name : CODECS) {
      boolean bare = name.equals("ecq");
      String codec = bare ? String.format(Locale.ROOT, "ecq:%.1fb", budget) : name;
      Sent sent = name.equals(WITHOUT) ? without : send(set, codec, budget, seed);
      double bits = Byte.SIZE * sent.bytes() / values;
      // Directions have no larger error, and no credit for a smaller one: at few bits a bit is
      // worth
      // less than half of it.
      double credit = Math.log(sent.error() / without.error()) / Math.log(2);
      double equal = name.startsWith("directions") ? bits : bits + credit;
      var row =
          new DirectionsRow(
              set.name(),
              codec,
              budget,
              seed,
              sent.bytes(),
              bits,
              sent.error(),
              equal,
              1 - equal * values / Byte.SIZE / without.bytes());
      rows.add(row);
      out.printf(
          Locale.ROOT,
          "| %s | %d | %.0f | %s | %.3f | %.4f | %.3f | %+.1f %% |%n",
          row.activations(),
          seed,
          budget,
          codec,
          bits,
          row.relativeError(),
          equal,
          100 * row.saved());
      out.flush();
    }
  }

  private Sent send(ActivationSet set, String codec, double budget, long seed) {
    int messages = set.messages().size();
    var plan = new CutPlan(set.channels(), set.rows(), budget, budget, messages, seed);
    long bytes = 0;
    double off = 0;
    double all = 0;
    try (LearnedCodec owner = codecs.open(codec, plan);
        LearnedPeer peer = codecs.openPeer(codec, plan)) {
      var encoded = new byte[owner.maxEncodedLength(set.rows())];
      var received = new float[set.rows() * set.channels()];
      for (int message = 0; message < messages; message++) {
        float[] values = set.messages().get(message);
        byte[] table = owner.takeTable();
        if (table.length > 0) {
          peer.acceptTable(table, 0, table.length);
        }
        CutRows rows = CutRows.ordinary(message, set.rows());
        int length = owner.encode(rows, values, 0, encoded, 0);
        var came = peer.decode(encoded, 0, length, received, 0);
        bytes += table.length + length;
        for (int i = 0; i < came.count() * set.channels(); i++) {
          double lost = (double) values[i] - received[i];
          off += lost * lost;
          all += (double) values[i] * values[i];
        }
        owner.feedback(rows, values, 0, new float[values.length], 0);
        owner.update();
      }
    }
    return new Sent(bytes, Math.sqrt(off / all));
  }
}
