package io.tributary.bench.amaq;

import io.tributary.agent.split.SplitClient;
import io.tributary.agent.split.SplitServer;
import io.tributary.agent.trainer.SplitTop;
import io.tributary.codec.CutPlan;
import io.tributary.codec.LearnedCodecs;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Trains one model through one codec, both ends in this process, the bytes really written. */
final class CutRun {
  private static final int MOST_BITS = 16;

  private final CutTask task;
  private final LearnedCodecs codecs;
  private final List<CutBatch> heldOut;

  CutRun(CutTask task, LearnedCodecs codecs) {
    this.task = task;
    this.codecs = codecs;
    heldOut = task.heldOut();
  }

  CutEffectRow run(CutMethod method, long seed) {
    double last = Math.min(MOST_BITS, method.last());
    double start = Math.min(MOST_BITS, method.start());
    var plan = new CutPlan(task.channels(), task.maxRows(), last, start, task.steps(), seed);
    try (var client =
            new SplitClient(task.openBottom(seed), codecs.open(method.codec(), plan), plan);
        var server =
            new SplitServer(task.openTop(seed + 1), codecs.openPeer(method.codec(), plan), plan)) {
      return new Ends(client, server).train(method, seed);
    }
  }

  /** What held-out data came to: mean loss, and the right answers of each batch. */
  private record Measured(double loss, double accuracy, long targets, List<Integer> right) {}

  /** The two ends of one run, and the bytes between them. */
  private final class Ends {
    private final SplitClient client;
    private final SplitServer server;
    private long values;
    private long bytes;
    private long tableBytes;

    Ends(SplitClient client, SplitServer server) {
      this.client = client;
      this.server = server;
    }

    CutEffectRow train(CutMethod method, long seed) {
      IntFunction<CutBatch> batches = task.training(seed);
      boolean diverged = false;
      try {
        for (int step = 1; step <= task.steps(); step++) {
          step(step, batches.apply(step));
        }
      } catch (TributaryException e) {
        if (e.code() != ErrorCode.NON_FINITE) {
          throw e;
        }
        diverged = true;
      }
      double finalBits = mean(client.bits());
      Measured found = diverged ? new Measured(Double.MAX_VALUE, 0, 0, List.of()) : measure();
      return new CutEffectRow(
          task.model(),
          method.name(),
          method.codec(),
          method.budget(),
          (double) Byte.SIZE * bytes / (2 * values),
          method.last(),
          finalBits,
          seed,
          bytes,
          tableBytes,
          found.loss(),
          found.accuracy(),
          found.targets(),
          found.right(),
          diverged || !(found.loss() < task.guess()));
    }

    private void step(int step, CutBatch batch) {
      SplitClient.Outgoing out =
          client.send(batch.windows(), batch.rowsOfWindow(), batch.samples());
      if (out.table().length > 0) {
        server.table(out.table());
      }
      SplitServer.Answer answer =
          server.learn(out.message(), batch.windows(), batch.rowsOfWindow());
      client.receive(out.rows(), answer.message());
      client.update(step);
      server.update(step);
      tableBytes += out.table().length;
      bytes += out.table().length + out.message().length + answer.message().length;
      values += batch.rows() * task.channels();
    }

    /** The held-out batches through the cut as it is at the end. */
    private Measured measure() {
      double loss = 0;
      long targets = 0;
      long all = 0;
      var right = new ArrayList<Integer>();
      for (CutBatch batch : heldOut) {
        SplitClient.Outgoing out =
            client.send(batch.windows(), batch.rowsOfWindow(), batch.samples());
        if (out.table().length > 0) {
          server.table(out.table());
        }
        SplitTop.Outcome found =
            server.measure(out.message(), batch.windows(), batch.rowsOfWindow());
        client.abandon(out.rows());
        int rightHere = (int) Math.round(found.accuracy() * batch.targets());
        right.add(rightHere);
        all += rightHere;
        loss += batch.targets() * found.loss();
        targets += batch.targets();
      }
      return new Measured(loss / targets, (double) all / targets, targets, right);
    }
  }

  private static double mean(float[] bits) {
    double sum = 0;
    for (float b : bits) {
      sum += b;
    }
    return sum / bits.length;
  }
}
