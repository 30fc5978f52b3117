package io.tributary.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.bench.chaos.FaultProxy;
import io.tributary.security.CertificateAuthority;
import io.tributary.security.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator process that offers a model, and readers that are killed and started again. */
class FetchProcessTest {
  private static final int BYTES = 6_000_000;

  /** The file takes twelve seconds at this speed: most is never in the sockets when one dies. */
  private static final long SLOW = 500_000;

  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private Path keys;
  private Path model;
  private WatchedProcess coordinator;
  private int port;

  @BeforeEach
  void offer() throws IOException {
    keys = folder.resolve("keys");
    CertificateAuthority authority = CertificateAuthority.create(keys);
    Duration life = Duration.ofDays(1);
    authority.issue(CertificateAuthority.COORDINATOR, Set.of(Role.COORDINATE), life);
    authority.issue("reader", Set.of(Role.READ), life);
    authority.issue("writer", Set.of(Role.CONTRIBUTE), life);
    var bytes = new byte[BYTES];
    new Random(7).nextBytes(bytes);
    model = Files.write(folder.resolve("base.trib"), bytes);
    startCoordinator();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private WatchedProcess start(String name, String... command) {
    var line = new ArrayList<>(List.of(command));
    line.addAll(List.of("--events", "--keys", keys.resolve(name).toString()));
    var process = new WatchedProcess(name, folder, line);
    open.add(process);
    return process;
  }

  private void startCoordinator() {
    coordinator =
        start(
            CertificateAuthority.COORDINATOR,
            "coordinator",
            "--port=" + port,
            "--data=" + folder.resolve("data"),
            "--agents=1",
            "--steps=100",
            "--offer=" + model);
    port = coordinator.await("listening").path("port").asInt();
  }

  private WatchedProcess fetch(String name, int at) {
    return start(
        name,
        "fetch",
        "--coordinator=127.0.0.1:" + at,
        "--name=" + name,
        "--output=" + folder.resolve("got.trib"));
  }

  private static long reached(WatchedProcess reader, long bytes) {
    return reader.await("fetched", e -> e.path("have").asLong() >= bytes).path("have").asLong();
  }

  @Test
  void neitherDeathCostsWhatHasCome() {
    try (var proxy = new FaultProxy(port, 3)) {
      proxy.slow(SLOW);
      WatchedProcess reader = fetch("reader", proxy.port());
      long before = reached(reader, BYTES / 6);
      reader.kill();
      WatchedProcess again = fetch("reader", proxy.port());
      JsonNode resumed = again.await("fetching");
      assertThat(resumed.path("have").asLong()).isGreaterThanOrEqualTo(before);
      reached(again, BYTES / 3);
      coordinator.kill();
      startCoordinator();
      proxy.slow(0);
      JsonNode complete = again.await("complete");
      again.awaitEnd();
      assertThat(again.all("fetching")).hasSize(2);
      assertThat(complete.path("received").asLong())
          .isEqualTo(BYTES - resumed.path("have").asLong());
      assertThat(folder.resolve("got.trib")).hasSameBinaryContentAs(model);
    }
  }

  @Test
  void aStoppedReaderLeavesWhatHasComeAndOneWithoutTheRoleIsRefused() throws IOException {
    WatchedProcess stranger = fetch("writer", port);
    assertThat(stranger.exitCode()).isNotZero();
    assertThat(Files.readString(folder.resolve("writer.log"))).contains("error [NOT_TRUSTED]");
    try (var proxy = new FaultProxy(port, 3)) {
      proxy.slow(SLOW);
      WatchedProcess reader = fetch("reader", proxy.port());
      long before = reached(reader, BYTES / 6);
      assertThat(reader.stop()).isLessThan(5000);
      WatchedProcess again = fetch("reader", port);
      assertThat(again.await("fetching").path("have").asLong()).isGreaterThanOrEqualTo(before);
      again.awaitEnd();
      assertThat(folder.resolve("got.trib")).hasSameBinaryContentAs(model);
    }
  }
}
