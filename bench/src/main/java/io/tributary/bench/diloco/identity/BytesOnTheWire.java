package io.tributary.bench.diloco.identity;

import io.tributary.bench.diloco.identity.IdentityStudy.Row;
import io.tributary.bench.diloco.run.LoopbackPlan;
import io.tributary.bench.diloco.run.LoopbackRun;
import io.tributary.codec.CodecRegistry;
import io.tributary.run.ExchangeInterval;
import io.tributary.run.Fragment;
import io.tributary.run.FragmentOrder;
import io.tributary.run.RunManifest;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a run costs, predicted from the page on the wire format and counted at the socket. */
final class BytesOnTheWire {
  private static final int AGENTS = 2;
  private static final int STEPS = 40;
  private static final int INTERVAL = 10;
  private static final int DATA_PARALLEL_BITS = 16;
  private static final double TOLERANCE = 0.02;

  private final long seed;

  BytesOnTheWire(long seed) {
    this.seed = seed;
  }

  List<Row> check() {
    var rows = new ArrayList<Row>();
    for (String codec : List.of("e3m0", "raw32")) {
      rows.add(check(codec));
    }
    return rows;
  }

  private Row check(String codec) {
    ModelSchema schema = StudyModels.layered(4, 50_000, Initializer.normal(0.2f));
    LoopbackPlan plan =
        LoopbackPlan.diloco(AGENTS, seed, STEPS, INTERVAL, "nesterov:0.7,0.9")
            .streaming(2, 2, 0.5f)
            .codecs(codec, codec);
    var manifest =
        new RunManifest(
            RunManifest.FORMAT,
            "0".repeat(32),
            seed,
            AGENTS,
            AGENTS,
            STEPS,
            ExchangeInterval.fixed(INTERVAL),
            FragmentOrder.STRIDED,
            2,
            2,
            0.5f,
            0,
            plan.outer(),
            plan.guard(),
            codec,
            codec,
            schema);
    var prediction = new WirePrediction(manifest, CodecRegistry.load());
    WirePrediction.Bytes expected = prediction.ofAgent("agent-1");
    LoopbackRun.Outcome outcome =
        new LoopbackRun(
                plan, schema, p -> RegressionTrainer.adaptive(schema, seed, List.of(p), 0.002f))
            .run();
    double up = outcome.bytesUp().get(0) / (double) expected.up() - 1;
    double down = outcome.bytesDown().get(0) / (double) expected.down() - 1;
    double ideal = 0;
    double wire = (expected.up() + expected.down()) * 8.0;
    for (Fragment fragment : manifest.fragmentMap().fragments()) {
      ideal +=
          16.0
              * manifest.schedule().lastVersion(fragment.index())
              * prediction.payload(fragment, codec);
    }
    double reduction = 2.0 * DATA_PARALLEL_BITS * schema.parameters() * STEPS / wire;
    return new Row(
        "the socket's count is within 2 % of the prediction (" + codec + " both ways)",
        Math.abs(up) <= TOLERANCE && Math.abs(down) <= TOLERANCE,
        String.format(
            Locale.ROOT,
            "up %d predicted, %+.2f %%; down %d predicted, %+.2f %%; overhead beyond the codec"
                + " %.2f %%; %.1f times fewer than data parallelism in 16 bits with H = %d",
            expected.up(),
            100 * up,
            expected.down(),
            100 * down,
            100 * (wire / ideal - 1),
            reduction,
            INTERVAL));
  }
}
