package io.tributary.agent.split;

import io.tributary.agent.split.SplitConnection.Arrived;
import io.tributary.agent.split.SplitParts.Part;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecRange;
import io.tributary.codec.UnknownTableException;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.StreamKind;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.run.ServiceOffer;
import io.tributary.security.LinkSecurity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server of a cut model as a process: one top for all its clients, or one middle where labels
 * stay at the clients.
 *
 * <p>A step takes the micro-batches of one step of each client, in the order of their places and
 * not of their arrival, and ends with one update by the mean gradient. A client that says nothing
 * for a multiple of what it usually takes is left out until it is heard of again; what it has given
 * counts. So without faults the same seed gives the same bits, whatever the links' speed.
 *
 * <p>One thread runs; {@link #stop} may be called by any.
 */
public final class SplitServerAgent implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(200);

  private final String name;
  private final SplitTerms terms;
  private final Consumer<SplitEvent> events;
  private final ServerModel model;
  private final SplitConnection connection;
  private final @Nullable ServerStates states;
  private final ServerClients clients;

  /** Those whose turn comes in this step, the first now. */
  private final List<ServedClient> turns = new ArrayList<>();

  /** Measurements of clients whose turn in this step is over: they wait for its update. */
  private final List<Arrived> toMeasure = new ArrayList<>();

  private long waitingSince = System.nanoTime();
  private int updates;

  /** Of the micro-batches of this step whose clients' turns are over. */
  private double lossSum;

  private int lossCount;

  /** Of those of the client whose turn it is. */
  private double lossOfTurn;

  private int ofTurn;
  private boolean stopped;

  /**
   * That a server keeps states.
   *
   * @param folder for itself alone
   * @param every steps between two states, 1 or more
   */
  public record Keep(Path folder, int every) {
    /** Checks the number. */
    public Keep {
      if (every < 1) {
        throw Errors.invalidSetting("steps between two states", every, "1 or more");
      }
    }
  }

  /**
   * Opens its part of the model and begins to connect.
   *
   * @param patience how many times what it usually takes a client is waited for, 1 or more
   * @param keep where and how often states are kept, null for nowhere
   * @param events hears what happens, on the thread that runs
   * @throws TributaryException {@code INVALID_SETTING} for a cut outside the model or a plan that
   *     the codec can't meet, {@code UNKNOWN_CODEC}; {@code STORAGE} or {@code OTHER_RUN} for the
   *     folder
   */
  public SplitServerAgent(
      String name,
      String host,
      int port,
      long bytesPerSecond,
      LinkSecurity security,
      SplitTerms terms,
      double patience,
      @Nullable Keep keep,
      Consumer<SplitEvent> events) {
    this.name = name;
    this.terms = terms;
    this.events = events;
    states = keep == null ? null : new ServerStates(keep.folder(), terms, keep.every());
    try {
      model = new ServerModel(terms);
    } catch (TributaryException e) {
      if (states != null) {
        states.close();
      }
      throw e;
    }
    CodecId codec = model.codec();
    connection =
        new SplitConnection(
            name,
            host,
            port,
            bytesPerSecond,
            security,
            List.of(new CodecRange(codec.number(), codec.oldest(), codec.version())));
    connection.takeUpTo(SplitClientAgent.mostBytes(2 * model.mostBytes(), terms));
    clients = new ServerClients(name, terms, model, connection, states, patience, new Together());
  }

  /**
   * Serves until all clients have finished, or {@link #stop}.
   *
   * @throws TributaryException what ends every link: no trust, another protocol
   */
  public void run() {
    events.accept(new SplitEvent.Serving(name, model.part().schema().parameters()));
    long began = System.nanoTime();
    while (!stopped && !clients.allFinished()) {
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
    clients.close();
    connection.close();
    model.close();
    if (states != null) {
      states.close();
    }
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
      clients.join(message);
      return;
    }
    ServedClient client = clients.of(message, verb);
    client.setAbsent(false);
    client.pace().heard(message.nanos());
    switch (verb) {
      case LEARN, HEAD -> learnLater(client, verb, message);
      case MEASURE -> {
        if (turns.isEmpty() || turns.contains(client)) {
          measure(client, message);
        } else {
          toMeasure.add(message);
        }
      }
      case TABLE -> table(client, message);
      case REFUSE -> {
        message.stream().acknowledge();
        if (message.header().version() > client.counted()) {
          refuse(client, message.header().version(), "refused by " + message.from().name());
        }
      }
      case FINISH -> clients.finish(client, message);
      case JOIN, GATHER ->
          throw new TributaryException(
              ErrorCode.PROTOCOL_VIOLATION, "a client doesn't say " + verb);
    }
  }

  private void answer(ServedClient client, SplitVerb verb, Arrived to, SplitParts parts) {
    say(client, StreamKind.CUT_GRADIENTS, verb, to, parts);
  }

  private void say(
      ServedClient client, StreamKind kind, SplitVerb verb, Arrived to, SplitParts parts) {
    connection.send(
        client.peer(),
        kind,
        verb,
        model.codec(),
        to.header().version(),
        to.header().fragment(),
        clients.branch(),
        parts);
    client.pace().told(System.nanoTime());
  }

  /** Refuses a message with a code that may travel; a state that can't be kept ends the server. */
  private static void reject(Arrived message, TributaryException why) {
    if (why.code() == ErrorCode.STORAGE) {
      throw why;
    }
    ErrorCode code =
        why.code() == ErrorCode.INVALID_SETTING ? ErrorCode.PROTOCOL_VIOLATION : why.code();
    message.stream().reject(code, String.valueOf(why.getMessage()));
  }

  /** What coming together does to a step. */
  private final class Together implements ServerClients.Host {
    @Override
    public void gathering() {
      turns.clear();
      toMeasure.forEach(m -> m.stream().reject(ErrorCode.CANCELLED, "the server goes back"));
      toMeasure.clear();
    }

    @Override
    public void late(ServedClient client) {
      tellLate(client);
    }

    @Override
    public void left(ServedClient client) {
      turns.remove(client);
    }

    @Override
    public void gathered(Optional<KeptState> from) {
      if (from.isPresent()) {
        int step = from.orElseThrow().step();
        if (updates > 0 || step > 0) {
          events.accept(new SplitEvent.WentBack(step, updates));
        }
        updates = step;
        lossSum = 0;
        lossCount = 0;
        lossOfTurn = 0;
        ofTurn = 0;
      }
    }
  }

  private boolean isDue(int step) {
    return states != null && states.isDue(step);
  }

  private void keepIfDue(int step) {
    if (states != null && states.isDue(step)) {
      states.keep(new KeptState(updates, clients.branch()), model, clients.all());
    }
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
    clients.goOnWithoutTheLate();
    if (!clients.haveBegun()) {
      waitingSince = System.nanoTime();
      return;
    }
    while (true) {
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
      } else if (!leaveOutIfLate(client)) {
        return;
      }
    }
  }

  /** Ends the turn of a client that the server has waited for too long. */
  private boolean leaveOutIfLate(ServedClient client) {
    boolean late = clients.isLate(client, waitingSince);
    if (late) {
      client.setAbsent(true);
      tellLate(client);
      endTurn();
    }
    return late;
  }

  private void tellLate(ServedClient client) {
    String reason = client.pace().lateness(System.nanoTime());
    events.accept(new SplitEvent.Absent(client.peer().name(), client.counted(), reason));
  }

  private boolean beginStep() {
    clients.all().stream()
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
      model.part().keep();
    }
    lossSum += lossOfTurn;
    lossCount += ofTurn;
    lossOfTurn = 0;
    ofTurn = 0;
    if (turns.isEmpty()) {
      endStep();
      measureWaiting();
    }
  }

  private void endStep() {
    if (lossCount == 0) {
      return;
    }
    int step = updates + 1;
    try {
      model.part().update(step);
      updates = step;
      keepIfDue(step);
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
      boolean last = message.header().fragment() == terms.microBatches() - 1;
      boolean kept = last && isDue(updates + 1);
      var outcome = new SplitOutcome(learned.loss(), 0, kept ? updates + 1 : 0);
      SplitParts parts =
          new SplitParts()
              .with(Part.VALUES, learned.values())
              .with(Part.DOCUMENT, RunDocuments.toBytes(outcome));
      client.learned(parts, last);
      if (kept) {
        client.rememberEndOfTurn();
      }
      answer(client, SplitVerb.LEARN, message, parts);
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
    if (turns.get(0) == client) {
      refuseTurn();
    }
    clients.forget(client);
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
    model.part().refuse();
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

  private void measureWaiting() {
    List<Arrived> now = List.copyOf(toMeasure);
    toMeasure.clear();
    for (Arrived message : now) {
      try {
        measure(clients.of(message, SplitVerb.MEASURE), message);
      } catch (TributaryException e) {
        reject(message, e);
      }
    }
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
