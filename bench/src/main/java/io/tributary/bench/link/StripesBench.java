package io.tributary.bench.link;

import io.tributary.bench.chaos.FaultProxy;
import io.tributary.bench.cluster.FastLink;
import io.tributary.bench.cluster.ScratchFolder;
import io.tributary.codec.CodecRange;
import io.tributary.link.Link;
import io.tributary.link.LinkClient;
import io.tributary.link.LinkCounters;
import io.tributary.link.LinkOptions;
import io.tributary.link.LinkServer;
import io.tributary.link.StripeRange;
import io.tributary.security.CertificateAuthority;
import io.tributary.security.LinkSecurity;
import io.tributary.security.Role;
import io.tributary.security.TlsProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * What further connections of a link gain: bytes a second of an endless stream with one connection,
 * with a fixed number, and with the number that the link chooses, over networks between which only
 * a proxy differs. Both ends are in this process.
 */
public final class StripesBench {
  private static final String SERVER = CertificateAuthority.COORDINATOR;
  private static final String CLIENT = "agent";
  private static final long CAP = 4_000_000;
  private static final Duration DELAY = Duration.ofMillis(25);

  private final int stripes;
  private final int seconds;
  private final LinkOptions server;
  private final LinkOptions client;

  /** Where the bytes go. */
  public enum Network {
    /** Each connection is capped at 4 MB/s. */
    CAPPED,
    /** 25 ms each way, and a window of 256 KiB for each connection. */
    DELAYED,
    /** Loopback as it is. */
    BARE
  }

  /** How many connections the link has. */
  public enum Way {
    /** One, and more are never asked for. */
    ONE,
    /** One: the client looks for a gain and asks for more, the server grants none. */
    REFUSED,
    /** The fixed number. */
    FIXED,
    /** As many as gain something. */
    CHOSEN
  }

  /**
   * One measurement.
   *
   * @param network between the ends
   * @param way of the link
   * @param round counted from 0
   * @param connections at the end
   * @param bytesPerSecond of the last seconds
   */
  public record Row(Network network, Way way, int round, int connections, double bytesPerSecond) {}

  /**
   * All measurements of a run.
   *
   * @param rows in the order of their taking
   */
  public record Figures(List<Row> rows) {}

  /**
   * A bench.
   *
   * @param stripes the fixed number, and the most that the link may choose
   * @param seconds of each measurement, behind a time to find the number or to warm up
   * @param tls whose TLS protects the links; null for none
   * @param folder for the certificates, emptied before
   */
  public StripesBench(int stripes, int seconds, @Nullable TlsProvider tls, Path folder) {
    this.stripes = stripes;
    this.seconds = seconds;
    LinkSecurity ofServer = LinkSecurity.none();
    LinkSecurity ofClient = LinkSecurity.none();
    if (tls != null) {
      ScratchFolder.delete(folder);
      CertificateAuthority authority = CertificateAuthority.create(folder);
      Duration life = Duration.ofDays(1);
      ofServer = LinkSecurity.of(authority.issue(SERVER, Set.of(Role.COORDINATE), life), tls);
      ofClient = LinkSecurity.of(authority.issue(CLIENT, Set.of(Role.CONTRIBUTE), life), tls);
    }
    this.server = options(SERVER, ofServer);
    this.client = options(CLIENT, ofClient);
  }

  /**
   * Measures all ways over all networks in turn.
   *
   * @param rounds of all measurements over a network, at least 1
   */
  public List<Row> run(List<Network> networks, List<Way> ways, int rounds, Consumer<Row> progress)
      throws InterruptedException {
    var rows = new ArrayList<Row>();
    for (Network network : networks) {
      for (int round = 0; round < rounds; round++) {
        for (Way way : ways) {
          Row row = measure(network, way, round);
          rows.add(row);
          progress.accept(row);
        }
      }
    }
    return rows;
  }

  private Row measure(Network network, Way way, int round) throws InterruptedException {
    StripeRange asked =
        switch (way) {
          case ONE -> StripeRange.one();
          case FIXED -> new StripeRange(stripes, stripes);
          case REFUSED, CHOSEN -> new StripeRange(1, stripes);
        };
    StripeRange granted = way == Way.REFUSED ? StripeRange.one() : asked;
    var atServer = new LoadEnd();
    var atClient = new LoadEnd();
    try (LinkServer listening =
            LinkServer.bind("127.0.0.1", 0, server.withStripes(granted), atServer);
        FaultProxy proxy = new FaultProxy(listening.address().getPort(), 1)) {
      if (network == Network.CAPPED) {
        proxy.slow(CAP);
      } else if (network == Network.DELAYED) {
        proxy.delay(DELAY);
      }
      int port = network == Network.BARE ? listening.address().getPort() : proxy.port();
      try (var open = LinkClient.connect("127.0.0.1", port, client.withStripes(asked), atClient)) {
        Objects.requireNonNull(open, "a link lives as long as its client");
        return measure(atClient, network, way, round);
      }
    }
  }

  private Row measure(LoadEnd atClient, Network network, Way way, int round)
      throws InterruptedException {
    Link link = atClient.link();
    Disposable stream = atClient.fill();
    try {
      // A step takes five intervals of at most two seconds, the first one before any.
      TimeUnit.SECONDS.sleep(way == Way.CHOSEN ? 10L * steps() : 4);
      LinkCounters before = link.counters();
      TimeUnit.SECONDS.sleep(seconds);
      LinkCounters after = link.counters();
      LinkCounters passed = after.since(before);
      return new Row(
          network, way, round, after.connections(), passed.bytesWritten() * 1e9 / passed.nanos());
    } finally {
      stream.dispose();
    }
  }

  private int steps() {
    return 1 + Integer.SIZE - Integer.numberOfLeadingZeros(stripes - 1);
  }

  private static LinkOptions options(String name, LinkSecurity security) {
    return FastLink.options(name, List.of(new CodecRange(1, 1, 1)), security);
  }
}
