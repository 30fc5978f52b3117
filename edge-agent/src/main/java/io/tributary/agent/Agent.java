package io.tributary.agent;

import io.tributary.agent.trainer.StepResult;
import io.tributary.agent.trainer.Trainer;
import io.tributary.codec.CodecRegistry;
import io.tributary.error.TributaryException;
import io.tributary.link.LinkClient;
import io.tributary.link.LinkOptions;
import io.tributary.link.LinkTimes;
import io.tributary.run.AgentFinish;
import io.tributary.run.AgentProgress;
import io.tributary.run.CodecNotice;
import io.tributary.run.JoinReply;
import io.tributary.run.RunDocuments;
import io.tributary.run.RunManifest;
import io.tributary.security.LinkSecurity;
import io.tributary.store.DataFolder;
import io.tributary.tensor.ModelSchema;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One agent of a run: connects, waits for its place, trains to the end of the run. An agent in a
 * data folder that another process has used goes on where that one was.
 *
 * <p>One thread connects, joins and trains; {@link #stop} may be called by any.
 */
public final class Agent implements AutoCloseable {
  private final String name;
  private final DataFolder folder;
  private final CodecRegistry codecs;
  private final AgentStore store;
  private final CoordinatorSession session;
  private final LinkClient client;
  private final @Nullable EarlyStart early;

  private Agent(
      String name,
      DataFolder folder,
      CodecRegistry codecs,
      AgentStore store,
      CoordinatorSession session,
      LinkClient client,
      @Nullable EarlyStart early) {
    this.name = name;
    this.folder = folder;
    this.codecs = codecs;
    this.store = store;
    this.session = session;
    this.client = client;
    this.early = early;
  }

  /**
   * Begins to connect to a coordinator, and goes on trying while it is away.
   *
   * @param name the agent's name, unique in its run
   * @param host where the coordinator is
   * @param port where it listens
   * @param data the folder of the agent's state, created if absent
   * @param bytesPerSecond what may be sent, 0 for no limit
   * @param schema the model that this agent trains
   * @param security how the link is protected
   * @throws TributaryException {@code STORAGE} if another process has the folder, or its state
   *     can't be read
   */
  public static Agent connect(
      String name,
      String host,
      int port,
      Path data,
      long bytesPerSecond,
      ModelSchema schema,
      LinkSecurity security) {
    return connect(
        name, host, port, data, bytesPerSecond, schema, security, LinkTimes.fromSettings(), null);
  }

  /**
   * The same, with a link that is more or less patient than the settings say, and perhaps an early
   * start.
   *
   * @param early on what the agent trains while the exact model is on its way, should it need that;
   *     null to wait
   * @throws TributaryException as above, and if there is no such codec, or the file can't be read
   *     or is another model's
   */
  public static Agent connect(
      String name,
      String host,
      int port,
      Path data,
      long bytesPerSecond,
      ModelSchema schema,
      LinkSecurity security,
      LinkTimes times,
      @Nullable EarlyStart early) {
    DataFolder folder = DataFolder.open(data);
    try {
      CodecRegistry codecs = CodecRegistry.load();
      String codec = early instanceof EarlyStart.Coded coded ? coded.codec() : null;
      if (codec != null) {
        codecs.codec(codec);
      }
      if (early instanceof EarlyStart.Copied copied) {
        ModelCopy.open(copied.file(), schema).close(); // before anybody is bothered
      }
      AgentStore store = AgentStore.open(folder.path());
      var session = new CoordinatorSession(name, schema, store.position(), codec, uptimeMillis());
      LinkOptions link =
          LinkOptions.of(name, codecs.readable(), bytesPerSecond)
              .withSecurity(security)
              .withTimes(times);
      LinkClient client = LinkClient.connect(host, port, link, session);
      return new Agent(name, folder, codecs, store, session, client, early);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static long uptimeMillis() {
    return ManagementFactory.getRuntimeMXBean().getUptime();
  }

  /** Waits until the coordinator has given this agent its place in the run. */
  public JoinReply awaitPlace() {
    return session.awaitReply();
  }

  /**
   * Trains to the end of the run, and leaves the outer parameters in the trainer.
   *
   * @param trainer of the model and, by its seed and data, of the place that was given
   * @param listener hears what happens, on this thread
   * @throws TributaryException what has ended the run for this agent; {@code CANCELLED} after
   *     {@link #stop}
   */
  public void train(Trainer trainer, Consumer<AgentEvent> listener) {
    JoinReply place = awaitPlace();
    RunManifest manifest = place.manifest();
    Consumer<CodecController.Choice> choices =
        choice -> {
          session.codec(
              new CodecNotice(
                  choice.fragment(), choice.version(), choice.codec(), choice.reason()));
          listener.accept(
              new AgentEvent.CodecChosen(
                  choice.fragment(), choice.version(), choice.codec(), choice.reason()));
        };
    try (var worker = new DilocoWorker(manifest, session, codecs, trainer, store, choices)) {
      if (store.position() != null) {
        worker.resume();
      }
      if (place.snapshot() && early != null) {
        joinEarly(worker, early, place.committed(), listener);
      } else if (place.snapshot()) {
        worker.adopt(session.awaitSnapshot());
      }
      listener.accept(
          new AgentEvent.Joined(
              name, place.participant(), manifest.schema().parameters(), worker.step()));
      long began = System.nanoTime();
      worker.run((step, result) -> tellProgress(step, result, listener));
      double seconds = (System.nanoTime() - began) / 1e9;
      String fingerprint = worker.theta().fingerprint();
      session.finish(RunDocuments.toBytes(new AgentFinish(fingerprint)));
      long bytesUp = session.bytesUp();
      long bytesDown = session.bytesDown();
      client.close(); // the coordinator leaves now; nobody is to wait for it
      listener.accept(
          new AgentEvent.Finished(
              name,
              place.participant(),
              fingerprint,
              worker.appliedVersions(),
              bytesUp,
              bytesDown,
              seconds));
    }
  }

  private void joinEarly(
      DilocoWorker worker, EarlyStart how, List<Integer> committed, Consumer<AgentEvent> listener) {
    var steps = new int[1];
    DilocoWorker.StepListener counter =
        (step, result) -> {
          steps[0]++;
          tellProgress(step, result, listener);
        };
    long coarse;
    if (how instanceof EarlyStart.Copied copied) {
      try (ModelCopy copy = ModelCopy.open(copied.file(), worker.theta().schema())) {
        coarse = worker.joinEarly(copy, committed, counter);
      }
    } else {
      coarse = worker.joinEarly(counter);
    }
    if (coarse >= 0) {
      listener.accept(new AgentEvent.StartedEarly(steps[0], coarse, session.bytesDown()));
    }
  }

  private void tellProgress(int step, StepResult result, Consumer<AgentEvent> listener) {
    var progress = new AgentProgress(step, result.loss(), session.bytesUp(), session.bytesDown());
    session.progress(progress);
    listener.accept(
        new AgentEvent.Progressed(
            step, result.loss(), progress.bytesUp(), progress.bytesDown(), session.linkUse()));
  }

  /** Lets {@link #train} end at its next step or wait; the agent can go on in another process. */
  public void stop() {
    session.stop();
  }

  /** Whether {@link #stop} was called. */
  public boolean isStopped() {
    return session.isStopped();
  }

  /** Leaves the coordinator and lets go of the folder. */
  @Override
  public void close() {
    client.close();
    folder.close();
  }
}
