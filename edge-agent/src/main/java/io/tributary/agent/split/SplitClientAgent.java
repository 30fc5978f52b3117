package io.tributary.agent.split;

import io.tributary.agent.split.SplitConnection.Arrived;
import io.tributary.agent.split.SplitParts.Part;
import io.tributary.agent.text.Corpus;
import io.tributary.agent.text.HeldOutWindows;
import io.tributary.agent.text.WindowSampler;
import io.tributary.agent.trainer.SplitTop;
import io.tributary.codec.CodecRange;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.LearnedCodecs;
import io.tributary.codec.UnknownTableException;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.RunDocuments;
import io.tributary.security.LinkSecurity;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of a cut model as a process: finds a server through the coordinator, takes its terms,
 * and trains the bottom on its own text; where labels stay, the layers above the last cut too.
 *
 * <p>When the server leaves, the client waits for it or takes another one, with which the step
 * begins anew.
 *
 * <p>One thread runs; {@link #stop} may be called by any.
 */
public final class SplitClientAgent implements AutoCloseable {
  private static final int MOST_REFUSED_IN_A_ROW = 10;

  private final String name;
  private final Path text;
  private final int measureEvery;
  private final int heldOutWindows;
  private final Consumer<SplitEvent> events;
  private final LearnedCodecs codecs = LearnedCodecs.load(CodecRegistry.load());
  private final @Nullable SplitStates states;
  private final long startMillis = ManagementFactory.getRuntimeMXBean().getUptime();
  private final SplitConnection connection;
  private final CurrentServer server;

  // What the server's terms and the place decide.
  private @Nullable SplitTerms terms;
  private @Nullable ClientModel model;
  private int place;

  /** What messages and kept states belong to. */
  private long branch;

  /** The server that the model has begun with. */
  private int modelsServer;

  private int done;
  private @Nullable ClientStep training;
  private @Nullable Arrived measured;
  private boolean measureAgain;

  /**
   * A client that begins to connect.
   *
   * @param text that is dealt to the server's clients; a tenth is held out
   * @param measureEvery steps between two measurements on held-out text, 0 for one at the end
   * @param heldOutWindows on which is measured
   * @param data the folder where states are kept whenever the server says so; null for nowhere
   * @param events hears what happens, on the thread that runs
   */
  public SplitClientAgent(
      String name,
      String host,
      int port,
      long bytesPerSecond,
      LinkSecurity security,
      Path text,
      int measureEvery,
      int heldOutWindows,
      @Nullable Path data,
      Consumer<SplitEvent> events) {
    this.name = name;
    this.text = text;
    this.measureEvery = measureEvery;
    this.heldOutWindows = heldOutWindows;
    this.events = events;
    states = data == null ? null : new SplitStates(data);
    connection = new SplitConnection(name, host, port, bytesPerSecond, security, decodes());
    server = new CurrentServer(name, connection, new Reactions());
  }

  private List<CodecRange> decodes() {
    var ranges = new ArrayList<>(CodecRegistry.load().readable());
    codecs.providers().stream()
        .map(p -> new CodecRange(p.id().number(), p.id().oldest(), p.id().version()))
        .forEach(ranges::add);
    return ranges;
  }

  /** The most bytes of a message: values, windows, a table, some words. */
  static int mostBytes(int values, SplitTerms terms) {
    return values + terms.windowTokens() + 16 * terms.width() + 64 * 1024;
  }

  /** The server has gone back to a kept state, and so has the model here. */
  private static final class WentBack extends RuntimeException {
    private static final long serialVersionUID = 1;

    WentBack() {
      super("went back", null, false, false);
    }
  }

  /**
   * Trains to the end of the server's terms.
   *
   * @throws TributaryException what ends it early: {@code CANCELLED} after {@link #stop}, {@code
   *     NON_FINITE} after too many refused steps, {@code SCHEMA_MISMATCH} for a server with other
   *     terms than the one before, {@code STORAGE} or {@code OTHER_RUN} for the folder of states,
   *     or the server's refusal
   */
  public void run() {
    long began = 0;
    boolean finished = false;
    while (!finished) {
      try {
        server.await(server::isReady);
        began = began == 0 ? System.nanoTime() : began;
        train(Objects.requireNonNull(terms), Objects.requireNonNull(model));
        server.finish(done, states != null);
        finished = true;
      } catch (WentBack e) {
        training = null;
      }
    }
    events.accept(
        new SplitEvent.Done(
            name,
            done,
            connection.bytesUp(),
            connection.bytesDown(),
            (System.nanoTime() - began) / 1e9));
  }

  private void train(SplitTerms agreed, ClientModel ours) {
    Corpus corpus = Corpus.read(text, agreed.clients());
    WindowSampler sampler =
        corpus.sampler(
            place, agreed.seed(), agreed.context(), agreed.batch() * agreed.microBatches());
    HeldOutWindows heldOut = corpus.heldOut(agreed.context(), heldOutWindows);
    var windows = new long[agreed.microBatches() * agreed.windowTokens()];
    int refusedInARow = 0;
    // Behind a state that was gone back to, a measurement comes first, as it did then.
    measureIfDue(agreed, ours, heldOut);
    while (done < agreed.steps()) {
      sampler.fill(done + 1, windows);
      String why = step(agreed, ours, windows);
      refusedInARow = why == null ? 0 : refusedInARow + 1;
      if (refusedInARow >= MOST_REFUSED_IN_A_ROW) {
        throw new TributaryException(
            ErrorCode.NON_FINITE,
            "training: expected numbers, found "
                + refusedInARow
                + " refused steps in a row, the last because of: "
                + why);
      }
      measureIfDue(agreed, ours, heldOut);
    }
  }

  /** Lets {@link #run} end with {@code CANCELLED}. */
  public void stop() {
    connection.stop();
  }

  @Override
  public void close() {
    connection.close();
    if (model != null) {
      model.close();
    }
    if (states != null) {
      states.close();
    }
  }

  private @Nullable String step(SplitTerms agreed, ClientModel ours, long[] windows) {
    int number = done + 1;
    var now = new ClientStep(agreed, ours, server, number, windows);
    training = now;
    String why = now.run();
    training = null;
    done = number;
    if (why == null && now.keepAs() > 0) {
      keep(now.keepAs());
    }
    events.accept(
        why != null
            ? new SplitEvent.Refused(number, why)
            : new SplitEvent.Stepped(
                number,
                now.loss(),
                ChannelBits.mean(ours.bottom().bits()),
                connection.bytesUp(),
                connection.bytesDown()));
    return why;
  }

  // ---- states

  private void keep(int serversStep) {
    if (states != null) {
      ClientModel ours = Objects.requireNonNull(model);
      states.keep(
          new KeptState(serversStep, branch),
          Objects.requireNonNull(terms),
          out -> {
            out.writeInt(done);
            ours.saveState(out);
          });
    }
  }

  private void goBackTo(int serversStep, SplitStates from) {
    ClientModel ours = Objects.requireNonNull(model);
    KeptState kept =
        from.all().stream().filter(s -> s.step() == serversStep).findFirst().orElse(null);
    if (kept != null) {
      int before = done;
      done =
          from.goBackTo(
              kept,
              in -> {
                int then = in.readInt();
                ours.restoreState(in);
                return then;
              });
      events.accept(new SplitEvent.WentBack(done, before));
    } else if (serversStep == 0 && done == 0) {
      if (training != null) {
        training.forget();
      }
      keep(0); // the beginning, where this client is
    } else {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "server: expected to go back to one of the states "
              + from.all()
              + ", found "
              + serversStep);
    }
  }

  // ---- measuring

  private void measureIfDue(SplitTerms agreed, ClientModel ours, HeldOutWindows heldOut) {
    boolean due = measureEvery > 0 && done % measureEvery == 0;
    if (done == agreed.steps() || (due && done > 0)) {
      measure(agreed, ours, heldOut);
    }
  }

  private void measure(SplitTerms agreed, ClientModel ours, HeldOutWindows heldOut) {
    double loss = 0;
    double accuracy = 0;
    for (int first = 0; first < heldOut.count(); first += agreed.batch()) {
      int count = Math.min(agreed.batch(), heldOut.count() - first);
      var windows = new long[count * (agreed.context() + 1)];
      heldOut.fill(first, count, windows);
      // Numbers beyond those of the training data: nothing is remembered of them.
      var samples = new int[count];
      int unseen = agreed.steps() * agreed.microBatches() * agreed.batch() + first;
      Arrays.setAll(samples, w -> unseen + w);
      SplitOutcome found = null;
      while (found == null) {
        found = measure(agreed, ours, windows, samples);
      }
      loss += count * found.loss() / heldOut.count();
      accuracy += count * found.accuracy() / heldOut.count();
    }
    events.accept(
        new SplitEvent.Measured(done, loss, accuracy, ChannelBits.counts(ours.bottom().bits())));
  }

  /** Null if it must be tried again. */
  private @Nullable SplitOutcome measure(
      SplitTerms agreed, ClientModel ours, long[] windows, int[] samples) {
    server.await(server::isReady);
    int told = server.number();
    SplitClient.Outgoing out = ours.bottom().send(windows, agreed.context(), samples);
    measured = null;
    measureAgain = false;
    SplitParts parts =
        new SplitParts().with(Part.VALUES, out.message()).with(Part.TABLE, out.table());
    if (!ours.hasHead()) {
      parts.with(Part.WINDOWS, ClientStep.tokens(windows));
    }
    server.say(StreamKind.ACTIVATIONS, SplitVerb.MEASURE, done, 0, parts);
    server.await(
        () -> measured != null || server.number() != told || !server.isReady() || measureAgain);
    ours.bottom().abandon(out.rows());
    Arrived answer = measured;
    if (answer == null) {
      return null;
    }
    if (!ours.hasHead()) {
      return RunDocuments.fromBytes(answer.parts().require(Part.DOCUMENT), SplitOutcome.class);
    }
    return measure(ours, answer.parts(), windows, agreed.context());
  }

  /** Measures activations of the last cut; null if a table is missing, which is asked for. */
  private @Nullable SplitOutcome measure(
      ClientModel ours, SplitParts activations, long[] windows, int context) {
    try {
      byte[] table = activations.get(Part.TABLE);
      if (table != null) {
        ours.head().table(table);
      }
      SplitTop.Outcome outcome =
          ours.head().measure(activations.require(Part.VALUES), windows, context);
      return new SplitOutcome(outcome.loss(), outcome.accuracy(), 0);
    } catch (UnknownTableException e) {
      server.say(
          StreamKind.CUT_GRADIENTS,
          SplitVerb.TABLE,
          done,
          0,
          new SplitParts().with(Part.TABLE, ours.head().request(e.version())));
      return null; // the table comes before the answer to what is sent now
    }
  }

  // ---- what happens

  private final class Reactions implements CurrentServer.Client {
    @Override
    public void offered(String from, SplitTerms offered) {
      if (terms == null) {
        if (states != null) {
          states.check(offered);
        }
        var opened = new ClientModel(offered, codecs);
        terms = offered;
        model = opened;
        server.speakIn(opened.codec());
        connection.takeUpTo(mostBytes(2 * opened.mostBytes(), offered));
      } else if (!offered.equals(terms)) {
        throw new TributaryException(
            ErrorCode.SCHEMA_MISMATCH,
            "server "
                + from
                + ": expected the terms of the one before, "
                + terms
                + ", found "
                + offered);
      }
    }

    @Override
    public SplitJoin joining(String session) {
      return new SplitJoin(
          session, states != null, states == null ? List.of() : states.all(), startMillis);
    }

    @Override
    public void joined(String with, SplitPlace given) {
      ClientModel ours = Objects.requireNonNull(model);
      place = given.place();
      events.accept(new SplitEvent.Joined(name, with, place, ours.parameters()));
      if (modelsServer != server.number()) {
        modelsServer = server.number();
        ours.beginWithAServer();
      }
      if (given.branch() != branch) {
        branch = given.branch();
        if (given.backTo() >= 0 && states != null) {
          goBackTo(given.backTo(), states);
          throw new WentBack();
        }
      }
      if (training != null) {
        training.rejoined();
      }
    }

    @Override
    public void waiting(String reason) {
      events.accept(new SplitEvent.Waiting(done + 1, reason));
    }

    @Override
    public void arrived(Arrived message) {
      ClientModel ours = Objects.requireNonNull(model);
      SplitVerb verb = SplitVerb.of(message.header());
      switch (verb) {
        case LEARN, HEAD -> {
          if (training != null) {
            training.arrived(verb, message);
          }
        }
        case MEASURE -> measured = message;
        case TABLE -> table(ours, message);
        default ->
            throw new TributaryException(
                ErrorCode.PROTOCOL_VIOLATION, "a server doesn't say " + verb);
      }
    }

    /** The server asks for a table of the first cut, or brings one of the last. */
    private void table(ClientModel ours, Arrived message) {
      StreamHeader header = message.header();
      byte[] table = message.parts().require(Part.TABLE);
      if (header.kind() == StreamKind.CUT_GRADIENTS) {
        server.say(
            StreamKind.ACTIVATIONS,
            SplitVerb.TABLE,
            header.version(),
            header.fragment(),
            new SplitParts().with(Part.TABLE, ours.bottom().answer(table)));
      } else {
        ours.head().table(table);
        if (training != null) {
          training.tableCame();
        }
      }
    }

    @Override
    public void notTaken(SplitVerb verb, StreamHeader header, ErrorCode code, Throwable cause) {
      boolean learning = verb == SplitVerb.LEARN || verb == SplitVerb.HEAD;
      if (code == ErrorCode.NON_FINITE && learning) {
        if (training != null) {
          training.refused(header.version(), String.valueOf(cause.getMessage()));
        }
      } else if (code == ErrorCode.UNKNOWN_TABLE && verb == SplitVerb.MEASURE) {
        measureAgain = true;
      } else if (!code.retryable() && verb != SplitVerb.FINISH) {
        throw cause instanceof TributaryException known
            ? known
            : new TributaryException(ErrorCode.INTERNAL, String.valueOf(cause.getMessage()), cause);
      }
    }
  }
}
