package io.tributary.agent.split;

import io.tributary.agent.split.Gathering.Joining;
import io.tributary.agent.split.ServerStates.KeptClient;
import io.tributary.agent.split.SplitConnection.Arrived;
import io.tributary.agent.split.SplitParts.Part;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.StreamKind;
import io.tributary.run.RunDocuments;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The clients of a server: who takes part, at which place, from which state on.
 *
 * <p>A server that keeps no states gives each client a place as it comes. One that keeps some waits
 * until all are here, and goes with them from the latest state that all have: when it begins, and
 * whenever a client's process is another one. Where there is no such state, each goes on as it is.
 */
final class ServerClients implements AutoCloseable {
  private final String server;
  private final SplitTerms terms;
  private final ServerModel model;
  private final SplitConnection connection;
  private final @Nullable ServerStates states;
  private final Host host;
  private final ClientPaces paces;
  private final TreeMap<String, ServedClient> clients = new TreeMap<>();
  private final List<Arrived> finishing = new ArrayList<>();
  private @Nullable Gathering gathering;
  private long branch;
  private boolean begun;

  /** Whose clients they are. */
  interface Host {
    /** Nothing is learned until the clients have come together. */
    void gathering();

    /** All goes on without a client that is too late. */
    void late(ServedClient client);

    /** A client is replaced by another process of its, or takes no part any longer. */
    void left(ServedClient client);

    /** They have; all goes on from a kept state, or as it is if there is none. */
    void gathered(Optional<KeptState> from);
  }

  ServerClients(
      String server,
      SplitTerms terms,
      ServerModel model,
      SplitConnection connection,
      @Nullable ServerStates states,
      double patience,
      Host host) {
    this.server = server;
    this.terms = terms;
    this.model = model;
    this.connection = connection;
    this.states = states;
    paces = new ClientPaces(patience);
    this.host = host;
    gathering = states == null ? null : new Gathering();
  }

  /** Goes on without those that were to come again, when all of them are too late. */
  void goOnWithoutTheLate() {
    Gathering here = gathering;
    if (states == null || here == null || !begun) {
      return;
    }
    List<ServedClient> missing =
        clients.values().stream().filter(c -> !here.all().containsKey(c.peer().name())).toList();
    if (missing.stream().allMatch(c -> isLate(c, here.since()))) {
      missing.forEach(host::late);
      gathering = null;
      agree(here, states);
    }
  }

  /**
   * Whether a client is too late. It isn't while its message may be among what has arrived, nor
   * before it could be heard for as long as it is waited for.
   *
   * @param since when it has been waited for
   */
  boolean isLate(ServedClient client, long since) {
    long hearing = connection.hearingSince();
    return !connection.hasNews()
        && client.pace().isLate(hearing - since > 0 ? hearing : since, System.nanoTime());
  }

  Collection<ServedClient> all() {
    return clients.values();
  }

  /** Whether all have been here, and none is waited for to come again. */
  boolean haveBegun() {
    begun |= clients.size() == terms.clients();
    return begun && gathering == null;
  }

  boolean allFinished() {
    return clients.size() == terms.clients()
        && clients.values().stream().allMatch(ServedClient::finished);
  }

  /** What kept states and messages belong to at present. */
  long branch() {
    return branch;
  }

  /**
   * The client that a message is of.
   *
   * @throws TributaryException {@code PROTOCOL_VIOLATION} if it takes no part, {@code CANCELLED}
   *     for a message that was overtaken by going back
   */
  ServedClient of(Arrived message, SplitVerb verb) {
    if (gathering != null || message.header().tokens() != branch) {
      throw new TributaryException(
          ErrorCode.CANCELLED, "expected JOIN, as the server goes back, found " + verb);
    }
    ServedClient client = clients.get(message.from().name());
    // Who has lost its link since asks again whether it may go.
    if (client == null || (client.finished() && verb != SplitVerb.FINISH)) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "expected JOIN first, found " + verb + " of " + message.from().name());
    }
    return client;
  }

  /** A client asks to take part. */
  void join(Arrived message) {
    SplitJoin join =
        RunDocuments.fromBytes(message.parts().require(Part.DOCUMENT), SplitJoin.class);
    ServedClient known = clients.get(message.from().name());
    boolean same = known != null && known.isOf(join.session());
    if (gathering == null && known != null && same) {
      place(known, message, known.backTo());
    } else if (states != null) {
      gather(join, message, states);
    } else {
      int place = known == null ? freePlace() : known.place();
      place(admit(message, join, place), message, SplitPlace.AS_IT_IS);
    }
  }

  /** A client that isn't known, or is known as another process. */
  private ServedClient admit(Arrived message, SplitJoin join, int place) {
    ServedClient known = clients.get(message.from().name());
    ClientPace pace = paces.of(message.from().name());
    if (known != null && known.isOf(join.session())) {
      pace.placedAgain(System.nanoTime());
    } else {
      pace.placed(join.startMillis(), System.nanoTime());
    }
    if (known != null) {
      host.left(known);
      known.close();
    }
    var client =
        new ServedClient(
            message.from(), join.session(), place, model.openEnd(), terms.labelsStay(), pace);
    clients.put(message.from().name(), client);
    return client;
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
        "server " + server + ": expected a free place, found " + terms.clients() + " clients");
  }

  private void place(ServedClient client, Arrived message, int backTo) {
    client.reached(message.from());
    client.setBackTo(backTo);
    message.stream().acknowledge();
    var place = new SplitPlace(client.place(), client.counted(), branch, client.backTo());
    say(client, SplitVerb.JOIN, new SplitParts().with(Part.DOCUMENT, RunDocuments.toBytes(place)));
  }

  private void say(ServedClient client, SplitVerb verb, SplitParts parts) {
    connection.send(
        client.peer(), StreamKind.CUT_GRADIENTS, verb, model.codec(), 0, 0, branch, parts);
  }

  // ---- coming together

  private void gather(SplitJoin join, Arrived message, ServerStates ours) {
    Gathering now = gathering;
    if (now == null) {
      if (!clients.containsKey(message.from().name())) {
        freePlace();
      }
      now = new Gathering();
      gathering = now;
      host.gathering();
      finishing.forEach(f -> f.stream().reject(ErrorCode.CANCELLED, "the server goes back"));
      finishing.clear();
      for (ServedClient client : clients.values()) {
        client.interrupt();
        if (!client.peer().name().equals(message.from().name())) {
          say(client, SplitVerb.GATHER, new SplitParts());
        }
      }
    }
    now.add(join, message);
    if (now.size() == terms.clients()) {
      gathering = null;
      agree(now, ours);
    }
  }

  /** All are here: those that can go back to a common state, and the others go on as they are. */
  private void agree(Gathering all, ServerStates ours) {
    branch = UUID.randomUUID().getMostSignificantBits() >>> 1;
    Optional<KeptState> common = all.latestCommon(ours.all());
    boolean fresh = ours.all().isEmpty();
    Map<String, KeptClient> kept =
        common.isEmpty() || fresh ? Map.of() : ours.goBackTo(common.orElseThrow(), model);
    List<ServedClient> gone =
        clients.values().stream().filter(c -> !all.all().containsKey(c.peer().name())).toList();
    gone.forEach(this::forget);
    // Those first whose place is known.
    for (boolean placed : new boolean[] {true, false}) {
      all.all()
          .forEach(
              (name, joining) -> {
                if (placed == (kept.containsKey(name) || clients.containsKey(name))) {
                  seat(joining, common.isPresent(), kept.get(name));
                }
              });
    }
    host.gathered(common);
    if (fresh) {
      ours.keep(new KeptState(0, branch), model, clients.values());
    }
    int backTo = common.map(KeptState::step).orElse(SplitPlace.AS_IT_IS);
    all.all()
        .forEach(
            (name, joining) ->
                place(
                    Objects.requireNonNull(clients.get(name)),
                    joining.message(),
                    joining.join().keeps() ? backTo : SplitPlace.AS_IT_IS));
  }

  private void seat(Joining joining, boolean goesBack, @Nullable KeptClient kept) {
    SplitJoin join = joining.join();
    ServedClient known = clients.get(joining.message().from().name());
    if ((goesBack && join.keeps()) || known == null || !known.isOf(join.session())) {
      int place = kept != null ? kept.place() : known != null ? known.place() : freePlace();
      ServedClient client = admit(joining.message(), join, place);
      if (kept != null && join.keeps()) {
        client.restore(kept);
      }
    }
  }

  /** A client takes no part any longer; it may join again, as one that has done nothing. */
  void forget(ServedClient client) {
    clients.values().remove(client);
    host.left(client);
    client.close();
  }

  /** A client has done all its steps. Where states are kept it may go when all have. */
  void finish(ServedClient client, Arrived message) {
    client.finish();
    finishing.add(message);
    if (states == null || allFinished()) {
      finishing.forEach(f -> f.stream().acknowledge());
      finishing.clear();
    }
  }

  @Override
  public void close() {
    if (gathering != null) {
      gathering.close();
    }
    clients.values().forEach(ServedClient::close);
  }
}
