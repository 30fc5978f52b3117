package io.tributary.coordinator.relay;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.Link;
import io.tributary.link.RelayGauge;
import io.tributary.link.RelayRoute;
import io.tributary.run.FoundService;
import io.tributary.run.GoneService;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.run.ServiceOffer;
import io.tributary.run.ServiceRequest;
import io.tributary.security.Role;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The agents that streams are passed on between: those that offer a service and those that seek
 * one. An agent is known here by its first OFFER or SEEK until its link ends; nobody else can be
 * reached.
 *
 * <p>Who seeks gets the agent with the fewest others that has a free place, or waits for one.
 * Agents without the role {@code relay} are refused. Safe for any thread.
 */
public final class RelayHub {
  private final RelayGauge gauge;
  private final Consumer<RelayEvent> events;
  private final Map<String, Member> members = new TreeMap<>();

  /** An agent that is connected. */
  private static final class Member {
    final Link link;
    @Nullable ServiceOffer offer;

    /** What it seeks and hasn't been given yet. */
    @Nullable ServiceRequest request;

    /** Who was found for it. */
    @Nullable String found;

    Member(Link link) {
      this.link = link;
    }
  }

  /**
   * A hub without agents.
   *
   * @param heldBytes the most bytes of all streams to hold
   * @param events hears who comes, who finds whom and who leaves; on any thread, never two at once
   */
  public RelayHub(long heldBytes, Consumer<RelayEvent> events) {
    this.gauge = new RelayGauge(heldBytes);
    this.events = events;
  }

  /** Counts the bytes that are held and were passed on. */
  public RelayGauge gauge() {
    return gauge;
  }

  /**
   * An agent takes streams from others.
   *
   * @throws TributaryException {@code NOT_TRUSTED} without the role
   */
  public synchronized void offer(Link link, ServiceOffer offer) {
    Member member = member(link);
    member.offer = offer;
    events.accept(new RelayEvent.Offered(link.peer().name(), offer.service(), offer.places()));
    serve();
  }

  /**
   * An agent seeks another one; it is answered now or later with {@link MessageKind#FOUND}.
   *
   * @throws TributaryException {@code NOT_TRUSTED} without the role
   */
  public synchronized void seek(Link link, ServiceRequest request) {
    Member member = member(link);
    member.request = request;
    member.found = null;
    serve();
  }

  /**
   * Where a stream of one agent to another goes.
   *
   * @throws TributaryException {@code NOT_TRUSTED} without the role, {@code PEER_ABSENT} if there
   *     is no agent of that name
   */
  public synchronized RelayRoute route(Link from, String name) {
    requireRole(from);
    Member member = members.get(name);
    if (member == null || member.link == from) {
      throw new TributaryException(
          ErrorCode.PEER_ABSENT,
          "stream of "
              + from.peer().name()
              + ": expected the name of another agent that is here, found "
              + name);
    }
    return new RelayRoute(member.link, gauge);
  }

  private Member member(Link link) {
    requireRole(link);
    String name = link.peer().name();
    Member known = members.get(name);
    if (known != null && known.link == link) {
      return known;
    }
    if (known != null) {
      // A process that was started again is often here before its last connection is known to be
      // dead.
      known.link.fail(
          ErrorCode.PROTOCOL_VIOLATION, "another process has connected under the name " + name);
      left(name, known.link); // what was said there is lost, and who waits for it must hear
    }
    var member = new Member(link);
    members.put(name, member);
    var unused = link.onClose().subscribe(done -> {}, e -> {}, () -> left(name, link));
    return member;
  }

  private synchronized void left(String name, Link link) {
    Member member = members.get(name);
    if (member != null && member.link == link) {
      members.remove(name);
      events.accept(new RelayEvent.Left(name, gauge.passed(), gauge.peak()));
      for (Member seeker : members.values()) {
        if (name.equals(seeker.found)) {
          seeker.found = null;
          seeker.link.message(
              MessageKind.GONE.number(), RunDocuments.toBytes(new GoneService(name)));
        }
      }
      serve();
    }
  }

  private static void requireRole(Link link) {
    link.identity()
        .filter(peer -> !peer.roles().contains(Role.RELAY))
        .ifPresent(
            peer -> {
              throw new TributaryException(
                  ErrorCode.NOT_TRUSTED,
                  "expected a peer that may " + Role.RELAY + ", found " + peer);
            });
  }

  /** Answers those who wait and for whom there is somebody now. */
  private void serve() {
    members.forEach(
        (name, seeker) -> {
          ServiceRequest request = seeker.request;
          if (request != null) {
            best(name, request).ifPresent(found -> answer(name, seeker, found));
          }
        });
  }

  private Optional<Map.Entry<String, Member>> best(String seeker, ServiceRequest request) {
    return members.entrySet().stream()
        .filter(e -> !e.getKey().equals(seeker) && !request.avoid().contains(e.getKey()))
        .filter(e -> hasPlace(e.getKey(), e.getValue().offer, request.service()))
        .min(
            Comparator.<Map.Entry<String, Member>>comparingInt(
                    e -> e.getKey().equals(request.prefer()) ? 0 : 1)
                .thenComparingLong(e -> taken(e.getKey())));
  }

  private boolean hasPlace(String name, @Nullable ServiceOffer offer, String service) {
    return offer != null && offer.service().equals(service) && taken(name) < offer.places();
  }

  private long taken(String name) {
    return members.values().stream().filter(m -> name.equals(m.found)).count();
  }

  private void answer(String name, Member seeker, Map.Entry<String, Member> found) {
    Member server = found.getValue();
    ServiceOffer offer = server.offer;
    if (offer != null) {
      seeker.request = null;
      seeker.found = found.getKey();
      seeker.link.message(
          MessageKind.FOUND.number(),
          RunDocuments.toBytes(
              new FoundService(
                  found.getKey(),
                  server.link.peer().instance().toString(),
                  server.link.peer().decodes(),
                  offer.service(),
                  offer.terms())));
      events.accept(new RelayEvent.Paired(name, found.getKey(), offer.service()));
    }
  }
}
