package io.tributary.agent.split;

import io.tributary.agent.split.SplitConnection.Arrived;
import io.tributary.agent.split.SplitParts.Part;
import io.tributary.agent.trainer.SplitMiddle;
import io.tributary.agent.trainer.SplitPart;
import io.tributary.agent.trainer.SplitTop;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecRange;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.LearnedCodecs;
import io.tributary.codec.UnknownTableException;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.StreamKind;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.run.ServiceOffer;
import io.tributary.security.LinkSecurity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A server of a cut model as a process: one top for all its clients, or one middle where labels
 * stay at the clients.
 *
 * <p>A step takes the micro-batches of one step of each client, in the order of their places and
 * not of their arrival, and ends with one update by the mean gradient. A client that says nothing
 * for the patience is left out until it is heard of again; what it has given counts. So without
 * faults the same seed gives the same bits, whatever the links' speed.
 *
 * <p>One thread runs; {@link #stop} may be called by any.
 */
public final class SplitServerAgent implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(200);

  private final String name;
  private final SplitTerms terms;
  private final Duration patience;
  private final Consumer<SplitEvent> events;
  private final CodecId codec;
  private final SplitPart part;
  private final Supplier<ServedEnd> ends;
  private final SplitConnection connection;
  private final TreeMap<String, ServedClient> clients = new TreeMap<>();

  /** Those whose turn comes in this step, the first now. */
  private final List<ServedClient> turns = new ArrayList<>();

  private long waitingSince = System.nanoTime();
  private boolean begun;
  private int updates;

  /** Of the micro-batches of this step whose clients' turns are over. */
  private double lossSum;

  private int lossCount;

  /** Of those of the client whose turn it is. */
  private double lossOfTurn;

  private int ofTurn;
  private boolean stopped;

  /**
   * Opens its part of the model and begins to connect.
   *
   * @param patience with a client that says nothing
   * @param events hears what happens, on the thread that runs
   * @throws TributaryException {@code INVALID_SETTING} for a cut outside the model or a plan that
   *     the codec can't meet, {@code UNKNOWN_CODEC}
   */
  public SplitServerAgent(
      String name,
      String host,
      int port,
      long bytesPerSecond,
      LinkSecurity security,
      SplitTerms terms,
      Duration patience,
      Consumer<SplitEvent> events) {
    this.name = name;
    this.terms = terms;
    this.patience = patience;
    this.events = events;
    var codecs = LearnedCodecs.load(CodecRegistry.load());
    int most;
    // Both ends: a parameter that no client could use is said here, not at the first client.
    try (var mine = codecs.openPeer(terms.codec(), terms.cutPlan());
        var theirs = codecs.open(terms.codec(), terms.cutPlan())) {
      codec = mine.id();
      most = 2 * theirs.maxEncodedLength(terms.cutPlan().maxRows());
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
    connection =
        new SplitConnection(
            name,
            host,
            port,
            bytesPerSecond,
            security,
            List.of(new CodecRange(codec.number(), codec.oldest(), codec.version())));
    connection.takeUpTo(SplitClientAgent.mostBytes(most, terms));
  }

  /**
   * Serves until all clients have finished, or {@link #stop}.
   *
   * @throws TributaryException what ends every link: no trust, another protocol
   */
  public void run() {
    events.accept(new SplitEvent.Serving(name, part.schema().parameters()));
    long began = System.nanoTime();
    while (!stopped && !allFinished()) {
      SplitConnection.News news = connection.next(TICK);
      if (news != null) {
        handle(news);
      }
      advance();
    }
    events.accept(
        new SplitEvent.Done(
            name,
            updates,
            connection.bytesUp(),
            connection.bytesDown(),
            (System.nanoTime() - began) / 1e9));
  }

  /** Lets {@link #run} return. */
  public void stop() {
    connection.stop();
  }

  @Override
  public void close() {
    clients.values().forEach(ServedClient::close);
    connection.close();
    part.close();
  }

  private boolean allFinished() {
    return clients.size() == terms.clients()
        && clients.values().stream().allMatch(ServedClient::finished);
  }

  // ---- what happens

  private void handle(SplitConnection.News news) {
    if (news instanceof SplitConnection.Connected) {
      String text = new String(RunDocuments.toBytes(terms), StandardCharsets.UTF_8);
      connection.tell(
          MessageKind.OFFER, new ServiceOffer(SplitTerms.SERVICE, terms.clients(), text));
    } else if (news instanceof SplitConnection.Lost lost) {
      SplitConnection.throwIfFinal(lost.cause());
    } else if (news instanceof SplitConnection.Stop) {
      stopped = true;
    } else if (news instanceof Arrived message) {
      try {
        arrived(message);
      } catch (TributaryException e) {
        reject(message, e);
      }
    }
    // An answer that wasn't delivered is asked for again by the client, if it still wants it.
  }

  private void arrived(Arrived message) {
    SplitVerb verb = SplitVerb.of(message.header());
    if (verb == SplitVerb.JOIN) {
      join(message);
      return;
    }
    ServedClient client = clients.get(message.from().name());
    if (client == null || client.finished()) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "expected JOIN first, found " + verb + " of " + message.from().name());
    }
    client.setAbsent(false);
    switch (verb) {
      case LEARN, HEAD -> learnLater(client, verb, message);
      case MEASURE -> measure(client, message);
      case TABLE -> table(client, message);
      case REFUSE -> {
        message.stream().acknowledge();
        if (message.header().version() > client.counted()) {
          refuse(client, message.header().version(), "refused by " + message.from().name());
        }
      }
      case FINISH -> {
        message.stream().acknowledge();
        client.finish();
      }
      case JOIN -> throw new IllegalStateException("handled before");
    }
  }

  private void join(Arrived message) {
    String client = message.from().name();
    SplitJoin join =
        RunDocuments.fromBytes(message.parts().require(Part.DOCUMENT), SplitJoin.class);
    ServedClient known = clients.get(client);
    if (known == null || !known.isOf(join.session())) {
      int place = known == null ? freePlace() : known.place();
      if (known != null) {
        turns.remove(known);
        known.close();
      }
      known =
          new ServedClient(message.from(), join.session(), place, ends.get(), terms.labelsStay());
      clients.put(client, known);
    }
    known.reached(message.from());
    message.stream().acknowledge();
    answer(
        known,
        SplitVerb.JOIN,
        message,
        new SplitParts()
            .with(
                Part.DOCUMENT,
                RunDocuments.toBytes(new SplitPlace(known.place(), known.counted()))));
  }

  private int freePlace() {
    for (int place = 0; place < terms.clients(); place++) {
      int wanted = place;
      if (clients.values().stream().noneMatch(c -> c.place() == wanted)) {
        return place;
      }
    }
    throw new TributaryException(
        ErrorCode.RUN_FULL,
        "server " + name + ": expected a free place, found " + terms.clients() + " clients");
  }

  private void answer(ServedClient client, SplitVerb verb, Arrived to, SplitParts parts) {
    say(client, StreamKind.CUT_GRADIENTS, verb, to, parts);
  }

  private void say(
      ServedClient client, StreamKind kind, SplitVerb verb, Arrived to, SplitParts parts) {
    connection.send(
        client.peer(), kind, verb, codec, to.header().version(), to.header().fragment(), parts);
  }

  /** Refuses a message with a code that may travel. */
  private static void reject(Arrived message, TributaryException why) {
    ErrorCode code =
        why.code() == ErrorCode.INVALID_SETTING ? ErrorCode.PROTOCOL_VIOLATION : why.code();
    message.stream().reject(code, String.valueOf(why.getMessage()));
  }

  // ---- learning

  private void learnLater(ServedClient client, SplitVerb verb, Arrived message) {
    int step = message.header().version();
    int index = message.header().fragment();
    if (index >= terms.microBatches() || step < 1) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "micro-batch "
              + index
              + " of step "
              + step
              + ": expected numbers below "
              + terms.microBatches()
              + " and steps from 1 on");
    }
    SplitParts before = client.answer(step, index);
    SplitParts passed = client.passed(step, index);
    if (before != null) {
      message.stream().acknowledge();
      answer(client, SplitVerb.LEARN, message, before);
    } else if (verb == SplitVerb.HEAD && passed != null) {
      client.awaitBack(message);
    } else if (passed != null) {
      message.stream().acknowledge();
      say(client, StreamKind.ACTIVATIONS, SplitVerb.HEAD, message, passed);
    } else if (client.isRefused(step)) {
      throw new TributaryException(
          ErrorCode.NON_FINITE, "step " + step + " was refused by the server");
    } else if (step <= client.counted()) {
      throw new TributaryException(
          ErrorCode.WRONG_VERSION,
          "step " + step + ": expected one after " + client.counted() + ", the last that counts");
    } else if (verb == SplitVerb.HEAD) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "gradients of micro-batch "
              + index
              + " of step "
              + step
              + ": expected those of one that was passed on");
    } else {
      client.await(message);
    }
  }

  /** Learns whatever is here and has its turn. */
  private void advance() {
    if (!begun) {
      begun = clients.size() == terms.clients();
      waitingSince = System.nanoTime();
    }
    while (begun) {
      if (turns.isEmpty() && !beginStep()) {
        return;
      }
      passOn();
      if (turns.isEmpty()) {
        continue;
      }
      ServedClient client = turns.get(0);
      Arrived message = client.next();
      if (client.finished() || client.absent()) {
        endTurn();
      } else if (message != null) {
        if (!learn(client, message)) {
          return;
        }
      } else if (System.nanoTime() - waitingSince > patience.toNanos()) {
        client.setAbsent(true);
        events.accept(new SplitEvent.Absent(client.peer().name(), client.counted()));
        endTurn();
      } else {
        return;
      }
    }
  }

  private boolean beginStep() {
    clients.values().stream()
        .filter(c -> !c.finished() && !c.absent())
        .sorted(Comparator.comparingInt(ServedClient::place))
        .forEach(turns::add);
    waitingSince = System.nanoTime();
    return !turns.isEmpty();
  }

  /**
   * The first client's turn is over; behind the last one the step is. What it has given stays,
   * whatever is refused of those after it.
   */
  private void endTurn() {
    turns.remove(0);
    waitingSince = System.nanoTime();
    if (ofTurn > 0) {
      part.keep();
    }
    lossSum += lossOfTurn;
    lossCount += ofTurn;
    lossOfTurn = 0;
    ofTurn = 0;
    if (turns.isEmpty()) {
      endStep();
    }
  }

  private void endStep() {
    if (lossCount == 0) {
      return;
    }
    int step = updates + 1;
    try {
      part.update(step);
      updates = step;
      events.accept(
          new SplitEvent.Stepped(
              step, lossSum / lossCount, 0, connection.bytesUp(), connection.bytesDown()));
    } catch (TributaryException e) {
      if (e.code() != ErrorCode.NON_FINITE) {
        throw e;
      }
      events.accept(new SplitEvent.Refused(step, String.valueOf(e.getMessage())));
    }
    lossSum = 0;
    lossCount = 0;
  }

  /** Where labels stay, passes on what is here of the step under way, whoever's turn it is. */
  private void passOn() {
    for (ServedClient client : List.copyOf(turns)) {
      Arrived message = client.nextToPass();
      while (message != null && passOn(client, message)) {
        message = client.nextToPass();
      }
    }
  }

  /** Passes on a micro-batch; false if no more of this client's can be now. */
  private boolean passOn(ServedClient client, Arrived message) {
    try {
      checkSameStep(client, message);
      takeTable(client, message);
      SplitParts passed = client.end().pass(message.header().fragment(), message.parts());
      client.begin(message.header().version());
      client.passedOn(passed);
      message.stream().acknowledge();
      say(client, StreamKind.ACTIVATIONS, SplitVerb.HEAD, message, passed);
      return true;
    } catch (UnknownTableException e) {
      askOnce(client, message, e);
    } catch (TributaryException e) {
      fail(client, message, e);
    }
    return false;
  }

  /** Learns a micro-batch; false if a table must come first. */
  private boolean learn(ServedClient client, Arrived message) {
    try {
      checkSameStep(client, message);
      takeTable(client, message);
      ServedEnd.Learned learned = client.end().learn(message.header().fragment(), message.parts());
      client.begin(message.header().version());
      lossOfTurn += learned.loss();
      ofTurn++;
      message.stream().acknowledge();
      boolean last = client.learned(learned.parts(), terms.microBatches());
      answer(client, SplitVerb.LEARN, message, learned.parts());
      waitingSince = System.nanoTime();
      if (last) {
        endTurn();
      }
      return true;
    } catch (UnknownTableException e) {
      askOnce(client, message, e);
      return false;
    } catch (TributaryException e) {
      fail(client, message, e);
      return true;
    }
  }

  private static void checkSameStep(ServedClient client, Arrived message) {
    int step = message.header().version();
    if (client.underWay() && step != client.step()) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "expected the rest of step " + client.step() + ", found a part of step " + step);
    }
  }

  /** Nothing can be learned from a message: its step is refused, or its sender forgotten. */
  private void fail(ServedClient client, Arrived message, TributaryException why) {
    int step = message.header().version();
    if (why.code() == ErrorCode.NON_FINITE) {
      refuse(client, step, String.valueOf(why.getMessage()));
    } else {
      reject(message, why);
      expel(client, step, String.valueOf(why.getMessage()));
    }
  }

  /** Forgets a client that has a turn; it may join again, as one that has done nothing. */
  private void expel(ServedClient client, int step, String reason) {
    events.accept(new SplitEvent.Refused(step, client.peer().name() + ": " + reason));
    clients.values().remove(client);
    client.close();
    if (turns.get(0) == client) {
      refuseTurn();
    } else {
      turns.remove(client);
    }
  }

  /** A client's step is refused; if some of it was learned, that is forgotten. */
  private void refuse(ServedClient client, int step, String reason) {
    client.refuse(step, reason);
    events.accept(new SplitEvent.Refused(step, reason));
    if (!turns.isEmpty() && turns.get(0) == client) {
      refuseTurn();
    }
  }

  private void refuseTurn() {
    part.refuse();
    lossOfTurn = 0;
    ofTurn = 0;
    endTurn();
  }

  private void takeTable(ServedClient client, Arrived message) {
    byte[] table = message.parts().get(Part.TABLE);
    if (table != null) {
      client.end().table(table);
    }
  }

  private void askOnce(ServedClient client, Arrived message, UnknownTableException missing) {
    if (client.asksNow()) {
      ask(client, message, missing);
    }
  }

  /** Takes a table of the first cut, or brings one of the last. */
  private void table(ServedClient client, Arrived message) {
    byte[] table = message.parts().require(Part.TABLE);
    if (message.header().kind() == StreamKind.ACTIVATIONS) {
      client.end().table(table);
      message.stream().acknowledge();
    } else {
      SplitParts answer = new SplitParts().with(Part.TABLE, client.end().answer(table));
      message.stream().acknowledge();
      say(client, StreamKind.ACTIVATIONS, SplitVerb.TABLE, message, answer);
    }
  }

  private void ask(ServedClient client, Arrived message, UnknownTableException missing) {
    byte[] request = client.end().request(missing.version());
    answer(client, SplitVerb.TABLE, message, new SplitParts().with(Part.TABLE, request));
  }

  private void measure(ServedClient client, Arrived message) {
    try {
      takeTable(client, message);
      SplitParts found = client.end().measure(message.parts());
      message.stream().acknowledge();
      answer(client, SplitVerb.MEASURE, message, found);
    } catch (UnknownTableException e) {
      // Nothing waits for a measurement: it is sent again behind the table.
      ask(client, message, e);
      throw e;
    }
  }
}
