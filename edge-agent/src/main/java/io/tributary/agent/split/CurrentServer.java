package io.tributary.agent.split;

import io.tributary.agent.split.SplitConnection.Arrived;
import io.tributary.agent.split.SplitParts.Part;
import io.tributary.codec.CodecId;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.FarPeer;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.FoundService;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.run.ServiceRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The server that a client has at present: how it is found, joined, found again after the link or
 * the server was lost, and spoken to.
 *
 * <p>All is done on the client's thread, which waits here.
 */
final class CurrentServer {
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  /** Whose server it is. */
  interface Client {
    /** A server was found; throws if its terms aren't acceptable. */
    void offered(String server, SplitTerms terms);

    /** What to say to a server on joining it. */
    SplitJoin joining(String session);

    /** The server has given a place, the first time or again. */
    void joined(String server, SplitPlace place);

    /** The server is away. */
    void waiting(String reason);

    /** A message of the server, which is acknowledged already. */
    void arrived(Arrived message);

    /** The server, which is still there, didn't take a message. */
    void notTaken(SplitVerb verb, StreamHeader header, ErrorCode code, Throwable cause);
  }

  private final String name;
  private final SplitConnection connection;
  private final Client client;
  private final String session = UUID.randomUUID().toString();
  private @Nullable CodecId codec;
  private @Nullable FarPeer server;
  private String instance = "";
  private int number;
  private boolean seeking;
  private boolean ready;
  private long branch;
  private boolean finishHeard;

  CurrentServer(String name, SplitConnection connection, Client client) {
    this.name = name;
    this.connection = connection;
    this.client = client;
  }

  /** Grows with each server that knows nothing of this client. */
  int number() {
    return number;
  }

  /** Whether it has given a place, on this link. */
  boolean isReady() {
    return ready;
  }

  /** What messages travel in from now on. */
  void speakIn(CodecId id) {
    codec = id;
  }

  /** Says something; lost if there is no link, which is news then. */
  void say(StreamKind kind, SplitVerb verb, int step, int index, SplitParts parts) {
    connection.send(
        Objects.requireNonNull(server),
        kind,
        verb,
        Objects.requireNonNull(codec),
        step,
        index,
        branch,
        parts);
  }

  /**
   * Says that all steps are done, and waits until the server lets this client go: that is when no
   * other client can need it to go back.
   *
   * @param patiently whether to wait for more than a while
   */
  void finish(int step, boolean patiently) {
    finishHeard = false;
    while (!finishHeard) {
      await(this::isReady);
      connection.sendAndTell(
          Objects.requireNonNull(server),
          SplitVerb.FINISH,
          Objects.requireNonNull(codec),
          step,
          branch);
      long until = System.nanoTime() + FAREWELL.toNanos();
      await(() -> finishHeard || !ready || (!patiently && System.nanoTime() > until));
      if (!patiently) {
        return;
      }
    }
  }

  /** Takes news until something holds. */
  void await(BooleanSupplier what) {
    while (!what.getAsBoolean()) {
      SplitConnection.News news = connection.next(TICK);
      if (news != null) {
        handle(news);
      }
    }
  }

  /** Takes the news that there is. */
  void drain() {
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
    } else if (news instanceof SplitConnection.Delivered) {
      finishHeard = true;
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
      client.waiting(reason);
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
    client.offered(
        service.agent(),
        RunDocuments.fromBytes(service.terms().getBytes(StandardCharsets.UTF_8), SplitTerms.class));
    server = new FarPeer(service.agent(), service.decodes());
    String now = service.agent() + " " + service.instance();
    if (!now.equals(instance)) {
      instance = now;
      number++;
    }
    join();
  }

  private void join() {
    say(
        StreamKind.ACTIVATIONS,
        SplitVerb.JOIN,
        0,
        0,
        new SplitParts()
            .with(Part.DOCUMENT, RunDocuments.toBytes(client.joining(session + "-" + number))));
  }

  private void arrived(Arrived message) {
    FarPeer now = server;
    if (now == null || !message.from().name().equals(now.name())) {
      message.stream()
          .reject(
              ErrorCode.PROTOCOL_VIOLATION,
              "expected answers of this client's server, found one of " + message.from().name());
      return;
    }
    SplitVerb verb = SplitVerb.of(message.header());
    if (verb == SplitVerb.JOIN) {
      message.stream().acknowledge();
      SplitPlace place =
          RunDocuments.fromBytes(message.parts().require(Part.DOCUMENT), SplitPlace.class);
      branch = place.branch();
      ready = true;
      client.joined(now.name(), place);
    } else if (message.header().tokens() != branch) {
      message.stream().reject(ErrorCode.CANCELLED, "overtaken by going back");
    } else if (verb == SplitVerb.GATHER) {
      message.stream().acknowledge();
      waiting(now.name() + " goes back");
      join();
    } else {
      message.stream().acknowledge();
      client.arrived(message);
    }
  }

  private void undelivered(SplitConnection.Undelivered failed) {
    ErrorCode code = Errors.codeOf(failed.cause());
    if (code == ErrorCode.PEER_ABSENT) {
      left(failed.to().name(), String.valueOf(failed.cause().getMessage()));
    } else {
      client.notTaken(SplitVerb.of(failed.header()), failed.header(), code, failed.cause());
    }
  }
}
