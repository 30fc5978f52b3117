package io.tributary.agent.split;

import io.tributary.agent.split.SplitConnection.Arrived;
import io.tributary.agent.split.SplitParts.Part;
import io.tributary.agent.text.Corpus;
import io.tributary.agent.text.HeldOutWindows;
import io.tributary.agent.text.WindowSampler;
import io.tributary.agent.trainer.SplitBottom;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecRange;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedCodecs;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.FarPeer;
import io.tributary.link.StreamKind;
import io.tributary.run.FoundService;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.run.ServiceRequest;
import io.tributary.security.LinkSecurity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of a cut model as a process: finds a server through the coordinator, takes its terms,
 * and trains the bottom on its own text.
 *
 * <p>All micro-batches of a step may be under way: while one crosses the link, the next is
 * computed. When the server leaves, the client waits for it or takes another one, and goes on
 * within the step: gradients that have come are kept and not counted again; the new server learns
 * from the whole step.
 *
 * <p>One thread runs; {@link #stop} may be called by any.
 */
public final class SplitClientAgent implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(200);
  private static final int MOST_REFUSED_IN_A_ROW = 10;

  private final String name;
  private final Path text;
  private final int measureEvery;
  private final int heldOutWindows;
  private final Consumer<SplitEvent> events;
  private final LearnedCodecs codecs = LearnedCodecs.load(CodecRegistry.load());
  private final String session = UUID.randomUUID().toString();
  private final SplitConnection connection;

  // What the server's terms and the place decide.
  private @Nullable SplitTerms terms;
  private @Nullable SplitBottom bottom;
  private @Nullable SplitClient client;
  private @Nullable CodecId codec;

  // The server.
  private @Nullable FarPeer server;
  private String instance = "";
  private @Nullable SplitPlace place;

  /** Grows with each server that knows nothing of this client. */
  private int servers;

  /** Which of them {@link #sent} was for. */
  private int toldServers;

  private boolean seeking;

  /** A place was given, and on this link. */
  private boolean ready;

  // The step.
  private int step;
  private @Nullable SplitParts[] sent = {};
  private @Nullable Arrived[] answers = {};
  private @Nullable SplitOutcome outcome;
  private boolean measureAgain;
  private @Nullable String refusal;

  /**
   * A client that begins to connect.
   *
   * @param text that is dealt to the server's clients; a tenth is held out
   * @param measureEvery steps between two measurements on held-out text, 0 for one at the end
   * @param heldOutWindows on which is measured
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
      Consumer<SplitEvent> events) {
    this.name = name;
    this.text = text;
    this.measureEvery = measureEvery;
    this.heldOutWindows = heldOutWindows;
    this.events = events;
    connection = new SplitConnection(name, host, port, bytesPerSecond, security, decodes());
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

  /**
   * Trains to the end of the server's terms.
   *
   * @throws TributaryException what ends it early: {@code CANCELLED} after {@link #stop}, {@code
   *     NON_FINITE} after too many refused steps, {@code SCHEMA_MISMATCH} for a server with other
   *     terms than the one before, or the server's refusal
   */
  public void run() {
    await(() -> ready);
    SplitTerms agreed = Objects.requireNonNull(terms);
    int share = Objects.requireNonNull(place).place();
    Corpus corpus = Corpus.read(text, agreed.clients());
    WindowSampler sampler =
        corpus.sampler(
            share, agreed.seed(), agreed.context(), agreed.batch() * agreed.microBatches());
    HeldOutWindows heldOut = corpus.heldOut(agreed.context(), heldOutWindows);
    long began = System.nanoTime();
    var windows = new long[agreed.microBatches() * agreed.windowTokens()];
    int refusedInARow = 0;
    for (int t = 1; t <= agreed.steps(); t++) {
      sampler.fill(t, windows);
      String why = train(agreed, t, windows);
      refusedInARow = why == null ? 0 : refusedInARow + 1;
      if (why != null) {
        events.accept(new SplitEvent.Refused(t, why));
      }
      if (refusedInARow >= MOST_REFUSED_IN_A_ROW) {
        throw new TributaryException(
            ErrorCode.NON_FINITE,
            "training: expected numbers, found "
                + refusedInARow
                + " refused steps in a row, the last because of: "
                + why);
      }
      if (t == agreed.steps() || (measureEvery > 0 && t % measureEvery == 0)) {
        measure(agreed, t, heldOut);
      }
    }
    finish(agreed, (System.nanoTime() - began) / 1e9);
  }

  /** Lets {@link #run} end with {@code CANCELLED}. */
  public void stop() {
    connection.stop();
  }

  @Override
  public void close() {
    connection.close();
    if (client != null) {
      client.close();
    }
  }

  // ---- a step

  /** The micro-batches of one step. */
  private final class Step {
    private final SplitTerms agreed;
    private final SplitClient ours = Objects.requireNonNull(client);
    private final int number;
    private final long[][] windows;
    private final SplitClient.@Nullable Outgoing[] under;
    private final boolean[] counted;
    private double loss;

    Step(SplitTerms agreed, int number, long[] all) {
      this.agreed = agreed;
      this.number = number;
      int count = agreed.microBatches();
      windows = new long[count][];
      for (int m = 0; m < count; m++) {
        int length = agreed.windowTokens();
        windows[m] = Arrays.copyOfRange(all, m * length, (m + 1) * length);
      }
      under = new SplitClient.Outgoing[count];
      counted = new boolean[count];
    }

    /** Null if the step counts, or why it was refused. */
    @Nullable String run() {
      step = number;
      refusal = null;
      sent = new SplitParts[windows.length];
      answers = new Arrived[windows.length];
      try {
        int next = 0;
        while (next < windows.length) {
          sendAll();
          int waited = next;
          int told = toldServers;
          await(() -> answers[waited] != null || refusal != null || servers != told);
          String why = refusal;
          if (why != null) {
            return refuse(why, false);
          }
          if (servers == told) {
            count(next);
            next++;
          } else {
            next = 0; // a new server answers all of them once more
          }
        }
        ours.update(number);
        return null;
      } catch (TributaryException e) {
        if (e.code() != ErrorCode.NON_FINITE) {
          throw e;
        }
        return refuse(String.valueOf(e.getMessage()), true);
      }
    }

    /** Computes and sends what this server hasn't been sent. */
    private void sendAll() {
      await(() -> ready);
      if (toldServers != servers) {
        toldServers = servers;
        Arrays.fill(sent, null);
        Arrays.fill(answers, null);
        for (int m = 0; m < under.length; m++) {
          abandon(m);
        }
      }
      for (int m = 0; m < windows.length && toldServers == servers; m++) {
        if (sent[m] == null) {
          SplitClient.Outgoing out = ours.send(windows[m], agreed.context(), samples(m));
          under[m] = out;
          sent[m] =
              new SplitParts()
                  .with(Part.VALUES, out.message())
                  .with(Part.TABLE, out.table())
                  .with(Part.WINDOWS, tokens(windows[m]));
          transmit(m);
          drain();
        }
      }
    }

    private int[] samples(int index) {
      var samples = new int[agreed.batch()];
      int first = ((number - 1) * agreed.microBatches() + index) * agreed.batch();
      Arrays.setAll(samples, w -> first + w);
      return samples;
    }

    /** Takes the gradients of a micro-batch, unless those of another server were taken before. */
    private void count(int index) {
      Arrived answer = Objects.requireNonNull(answers[index]);
      SplitClient.Outgoing out = Objects.requireNonNull(under[index]);
      under[index] = null;
      if (counted[index]) {
        ours.abandon(out.rows());
        return;
      }
      ours.receive(out.rows(), answer.parts().require(Part.VALUES));
      counted[index] = true;
      loss +=
          RunDocuments.fromBytes(answer.parts().require(Part.DOCUMENT), SplitOutcome.class).loss()
              / windows.length;
    }

    private String refuse(String why, boolean tell) {
      for (int m = 0; m < under.length; m++) {
        abandon(m);
      }
      ours.refuse();
      if (tell && ready) {
        say(SplitVerb.REFUSE, number, new SplitParts());
      }
      return why;
    }

    private void abandon(int index) {
      SplitClient.Outgoing out = under[index];
      if (out != null) {
        ours.abandon(out.rows());
        under[index] = null;
      }
    }
  }

  private @Nullable String train(SplitTerms agreed, int number, long[] windows) {
    var training = new Step(agreed, number, windows);
    String why = training.run();
    if (why == null) {
      events.accept(
          new SplitEvent.Stepped(
              number,
              training.loss,
              ChannelBits.mean(Objects.requireNonNull(client).bits()),
              connection.bytesUp(),
              connection.bytesDown()));
    }
    return why;
  }

  private static byte[] tokens(long[] windows) {
    var bytes = new byte[windows.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) windows[i];
    }
    return bytes;
  }

  // ---- measuring

  private void measure(SplitTerms agreed, int after, HeldOutWindows heldOut) {
    SplitClient ours = Objects.requireNonNull(client);
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
        await(() -> ready);
        int told = servers;
        SplitClient.Outgoing out = ours.send(windows, agreed.context(), samples);
        outcome = null;
        measureAgain = false;
        say(
            SplitVerb.MEASURE,
            after,
            new SplitParts()
                .with(Part.VALUES, out.message())
                .with(Part.TABLE, out.table())
                .with(Part.WINDOWS, tokens(windows)));
        await(() -> outcome != null || servers != told || !ready || measureAgain);
        ours.abandon(out.rows());
        found = outcome;
      }
      loss += count * found.loss() / heldOut.count();
      accuracy += count * found.accuracy() / heldOut.count();
    }
    events.accept(new SplitEvent.Measured(after, loss, accuracy, ChannelBits.counts(ours.bits())));
  }

  private void finish(SplitTerms agreed, double seconds) {
    await(() -> ready);
    connection.sendAndAwait(
        Objects.requireNonNull(server),
        SplitVerb.FINISH,
        Objects.requireNonNull(codec),
        agreed.steps(),
        TICK.multipliedBy(10));
    events.accept(
        new SplitEvent.Done(
            name, agreed.steps(), connection.bytesUp(), connection.bytesDown(), seconds));
  }

  // ---- what happens

  private void say(SplitVerb verb, int number, SplitParts parts) {
    connection.send(
        Objects.requireNonNull(server),
        StreamKind.ACTIVATIONS,
        verb,
        Objects.requireNonNull(codec),
        number,
        0,
        parts);
  }

  private void transmit(int index) {
    SplitParts parts = sent[index];
    if (parts != null) {
      connection.send(
          Objects.requireNonNull(server),
          StreamKind.ACTIVATIONS,
          SplitVerb.LEARN,
          Objects.requireNonNull(codec),
          step,
          index,
          parts);
    }
  }

  /** Takes news until something holds. */
  private void await(BooleanSupplier what) {
    while (!what.getAsBoolean()) {
      SplitConnection.News news = connection.next(TICK);
      if (news != null) {
        handle(news);
      }
    }
  }

  /** Takes the news that there is. */
  private void drain() {
    for (var news = connection.next(Duration.ZERO);
        news != null;
        news = connection.next(Duration.ZERO)) {
      handle(news);
    }
  }

  private void handle(SplitConnection.News news) {
    if (news instanceof SplitConnection.Connected) {
      seek();
    } else if (news instanceof SplitConnection.Lost lost) {
      SplitConnection.throwIfFinal(lost.cause());
      waiting("the coordinator is away: " + lost.cause().getMessage());
    } else if (news instanceof SplitConnection.Found found) {
      found(found.service());
    } else if (news instanceof Arrived message) {
      arrived(message);
    } else if (news instanceof SplitConnection.Undelivered failed) {
      undelivered(failed);
    } else if (news instanceof SplitConnection.Gone gone) {
      left(gone.agent(), gone.agent() + " has left");
    } else if (news instanceof SplitConnection.Stop) {
      throw new TributaryException(ErrorCode.CANCELLED, "client " + name + " was stopped");
    }
  }

  private void seek() {
    seeking = true;
    FarPeer before = server;
    connection.tell(
        MessageKind.SEEK,
        new ServiceRequest(SplitTerms.SERVICE, before == null ? null : before.name(), List.of()));
  }

  private void waiting(String reason) {
    if (ready) {
      ready = false;
      events.accept(new SplitEvent.Waiting(step, reason));
    }
  }

  /** The server has left: its answers won't come, and another one is wanted. */
  private void left(String agent, String reason) {
    if (server != null && agent.equals(server.name()) && !seeking) {
      waiting(reason);
      seek();
    }
  }

  private void found(FoundService service) {
    seeking = false;
    ready = false;
    SplitTerms offered =
        RunDocuments.fromBytes(
            service.terms().getBytes(java.nio.charset.StandardCharsets.UTF_8), SplitTerms.class);
    if (terms == null) {
      open(offered);
    } else if (!offered.equals(terms)) {
      throw new TributaryException(
          ErrorCode.SCHEMA_MISMATCH,
          "server "
              + service.agent()
              + ": expected the terms of the one before, "
              + terms
              + ", found "
              + offered);
    }
    server = new FarPeer(service.agent(), service.decodes());
    String now = service.agent() + " " + service.instance();
    if (!now.equals(instance)) {
      instance = now;
      servers++;
    }
    say(
        SplitVerb.JOIN,
        0,
        new SplitParts()
            .with(Part.DOCUMENT, RunDocuments.toBytes(new SplitJoin(session + "-" + servers))));
  }

  private void open(SplitTerms offered) {
    LearnedCodec opened = codecs.open(offered.codec(), offered.cutPlan());
    SplitBottom part =
        TrainerProvider.named(offered.engine()).openBottom(offered.training(), offered.seed());
    terms = offered;
    bottom = part;
    codec = opened.id();
    client = new SplitClient(part, opened, offered.cutPlan());
    connection.takeUpTo(
        mostBytes(opened.maxEncodedLength(offered.cutPlan().maxRows()) * 2, offered));
  }

  private void arrived(Arrived message) {
    FarPeer now = server;
    if (now == null
        || !message.from().name().equals(now.name())
        || message.header().kind() != StreamKind.CUT_GRADIENTS) {
      message.stream()
          .reject(
              ErrorCode.PROTOCOL_VIOLATION,
              "expected answers of this client's server, found one of " + message.from().name());
      return;
    }
    message.stream().acknowledge();
    int index = message.header().fragment();
    switch (SplitVerb.of(message.header())) {
      case JOIN -> {
        place = document(message, SplitPlace.class);
        joined();
      }
      case LEARN -> {
        if (message.header().version() == step && index < answers.length) {
          answers[index] = message;
        }
      }
      case MEASURE -> outcome = document(message, SplitOutcome.class);
      case TABLE ->
          say(
              SplitVerb.TABLE,
              message.header().version(),
              new SplitParts()
                  .with(
                      Part.TABLE,
                      Objects.requireNonNull(client).answer(message.parts().require(Part.TABLE))));
      default ->
          throw new TributaryException(
              ErrorCode.PROTOCOL_VIOLATION,
              "a server doesn't say " + SplitVerb.of(message.header()));
    }
  }

  private static <T extends Record> T document(Arrived message, Class<T> type) {
    return RunDocuments.fromBytes(message.parts().require(Part.DOCUMENT), type);
  }

  private void joined() {
    ready = true;
    events.accept(
        new SplitEvent.Joined(
            name,
            Objects.requireNonNull(server).name(),
            Objects.requireNonNull(place).place(),
            Objects.requireNonNull(bottom).schema().parameters()));
    if (toldServers == servers) {
      // The same server again: what it hasn't answered on the last link, it answers now.
      for (int m = 0; m < answers.length; m++) {
        if (answers[m] == null) {
          transmit(m);
        }
      }
    }
  }

  private void undelivered(SplitConnection.Undelivered failed) {
    ErrorCode code = Errors.codeOf(failed.cause());
    SplitVerb verb = SplitVerb.of(failed.header());
    if (code == ErrorCode.NON_FINITE && verb == SplitVerb.LEARN) {
      if (failed.header().version() == step) {
        refusal = String.valueOf(failed.cause().getMessage());
      }
    } else if (code == ErrorCode.PEER_ABSENT) {
      left(failed.to().name(), String.valueOf(failed.cause().getMessage()));
    } else if (code == ErrorCode.UNKNOWN_TABLE && verb == SplitVerb.MEASURE) {
      measureAgain = true;
    } else if (!code.retryable() && verb != SplitVerb.FINISH) {
      throw failed.cause() instanceof TributaryException ours
          ? ours
          : new TributaryException(
              ErrorCode.INTERNAL, String.valueOf(failed.cause().getMessage()), failed.cause());
    }
  }
}
