package io.tributary.bench.diloco.identity;

import io.tributary.agent.AgentEvent;
import io.tributary.agent.trainer.Trainer;
import io.tributary.bench.diloco.identity.IdentityStudy.Row;
import io.tributary.bench.diloco.run.LoopbackPlan;
import io.tributary.bench.diloco.run.LoopbackRun;
import io.tributary.coordinator.RunEvent;
import io.tributary.run.Exchange;
import io.tributary.run.SyncSchedule;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Whatever the order of arrival and however late an aggregate is, the bits are the same. */
final class OrderAndDelay {
  private static final int AGENTS = 3;
  private static final int ELEMENTS = 8192;
  private static final int SHUFFLES = 3;

  /** With this many bytes a second an exchange takes longer than the steps of its delay. */
  private static final long SLOW = 100_000;

  private final ModelSchema schema = StudyModels.layered(2, ELEMENTS, Initializer.normal(0.2f));
  private final long seed;
  private final LoopbackPlan plan;

  OrderAndDelay(long seed) {
    this.seed = seed;
    plan =
        LoopbackPlan.diloco(AGENTS, seed, 24, 6, "nesterov:0.7,0.9")
            .streaming(2, 1, 0.5f)
            .codecs("e3m0+ef", "e3m0+ef");
  }

  List<Row> check() {
    Watched calm = watch(plan, 0);
    List<Watched> shuffled = new ArrayList<>();
    for (int s = 1; s <= SHUFFLES; s++) {
      shuffled.add(watch(plan, s));
    }
    Watched slow = watch(plan.link(SLOW), 0);
    long orders = shuffled.stream().map(w -> w.arrivals).distinct().count();
    boolean equal = shuffled.stream().allMatch(w -> w.fingerprint.equals(calm.fingerprint));
    return List.of(
        new Row(
            "any order of arrival gives the same bits",
            equal && orders > 1,
            SHUFFLES
                + " runs with random pauses, "
                + orders
                + " orders of arrival, "
                + String.format(
                    java.util.Locale.ROOT, "fingerprint %.12s in all", calm.fingerprint)),
        new Row(
            "a late aggregate stalls its agent: no step beyond t + tau before all have contributed",
            slow.early.get() == 0 && slow.waited.get() > 0,
            slow.waited.get()
                + " times an agent reached the step in which an aggregate was due before all had"
                + " contributed; it went on too early "
                + slow.early.get()
                + " times"),
        new Row(
            "what was waited for gives the same bits as what came in time",
            slow.fingerprint.equals(calm.fingerprint),
            "links of " + SLOW * 8 / 1000 + " kbit/s against links without a cap"),
        eager(),
        chosenCodecs());
  }

  /** The overlay of an eager agent is a function of steps too. */
  private Row eager() {
    LoopbackPlan eager = plan.streaming(2, 5, 0.5f).eager(true);
    Watched inTime = watch(eager, 0);
    Watched shuffled = watch(eager, 1);
    Watched late = watch(eager.link(SLOW), 0);
    return new Row(
        "eager agents: the same bits whatever the order of arrival and the speed of links",
        shuffled.fingerprint.equals(inTime.fingerprint)
            && late.fingerprint.equals(inTime.fingerprint),
        String.format(
            java.util.Locale.ROOT, "tau = H - 1, fingerprint %.12s in all", inTime.fingerprint));
  }

  /**
   * Which codecs are chosen depends on time; that all processes hold the same bits doesn't. The
   * coordinator compares every version's checksum and ends the run where they differ.
   */
  private Row chosenCodecs() {
    Watched watched =
        watch(plan.codecs("auto:int8block/e3m0/ecq:2b+ef", "e3m0+ef").link(0L, SLOW, 10 * SLOW), 0);
    return new Row(
        "agents that choose their codecs by their links hold the same bits",
        watched.fingerprint.length() == 64 && !watched.codecs.isEmpty(),
        "codecs of contributions: " + String.join(", ", watched.codecs));
  }

  private Watched watch(LoopbackPlan how, int shuffle) {
    var watched = new Watched(how, shuffle);
    watched.fingerprint = new LoopbackRun(how, schema, watched).run().fingerprint();
    return watched;
  }

  /** One run, with an eye on who is where. */
  private final class Watched implements LoopbackRun.Participants {
    private final SyncSchedule schedule;
    private final int shuffle;
    private final Map<String, Integer> contributed = new ConcurrentHashMap<>();
    private final AtomicInteger early = new AtomicInteger();
    private final AtomicInteger waited = new AtomicInteger();
    private final Set<String> codecs = new ConcurrentSkipListSet<>();
    private final StringBuilder order = new StringBuilder();
    private String fingerprint = "";
    private String arrivals = "";

    Watched(LoopbackPlan how, int shuffle) {
      this.shuffle = shuffle;
      // Two fragments of layers and the base.
      schedule = new SyncSchedule(3, how.steps(), how.interval(), how.delay());
    }

    @Override
    public Trainer open(int participant) {
      var random = new Random(31L * shuffle + participant);
      return RegressionTrainer.adaptive(
          schema,
          seed,
          List.of(participant),
          0.002f,
          step -> {
            if (shuffle > 0) {
              pause(random.nextInt(12));
            }
          });
    }

    @Override
    public void heard(RunEvent event) {
      if (event instanceof RunEvent.Contributed one) {
        contributed.merge(one.fragment() + "/" + one.version(), 1, Integer::sum);
        order.append(one.participant());
      } else if (event instanceof RunEvent.CodecChosen chosen) {
        codecs.add(chosen.codec());
      } else if (event instanceof RunEvent.Finished) {
        arrivals = order.toString();
      }
    }

    @Override
    public void heard(int participant, AgentEvent event) {
      if (event instanceof AgentEvent.Progressed progress) {
        // Here step is done and nothing that is due at it has been applied.
        for (int f = 0; f < 3; f++) {
          for (int v = 1; v <= schedule.lastVersion(f); v++) {
            Exchange exchange = schedule.exchange(f, v);
            boolean complete = contributed.getOrDefault(f + "/" + v, 0) == AGENTS;
            if (exchange.applyStep() < progress.step() && !complete) {
              early.incrementAndGet();
            } else if (exchange.applyStep() == progress.step()
                && exchange.sendStep() < progress.step()
                && !complete) {
              waited.incrementAndGet();
            }
          }
        }
      }
    }

    private static void pause(int millis) {
      try {
        TimeUnit.MILLISECONDS.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
