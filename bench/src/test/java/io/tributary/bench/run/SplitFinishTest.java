package io.tributary.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.agent.split.SplitClientAgent;
import io.tributary.agent.split.SplitEvent;
import io.tributary.agent.split.SplitServerAgent;
import io.tributary.agent.split.SplitTerms;
import io.tributary.coordinator.relay.RelayServer;
import io.tributary.security.LinkSecurity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of a cut whose ends keep states: nobody goes before all have finished. */
class SplitFinishTest {
  private static final int STEPS = 2;
  private static final SplitTerms TERMS =
      new SplitTerms(2, 2, 16, 16, 1, 1, 2, 2, "amaq", 4, 6, STEPS, 0.003, 2, 1, "djl", 2);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdown();
  }

  private SplitClientAgent client(String name, int port, Consumer<SplitEvent> events) {
    return new SplitClientAgent(
        name,
        "127.0.0.1",
        port,
        0,
        LinkSecurity.none(),
        RealRun.someText(folder),
        0,
        2,
        folder.resolve(name),
        events);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whoHasFinishedAndLosesItsLinkSaysSoAgainAndGoesWithTheOthers() throws InterruptedException {
    var finished = new CountDownLatch(1);
    var joinedTwice = new CountDownLatch(2);
    var goesOn = new CountDownLatch(1);
    RelayServer relay = RelayServer.start("127.0.0.1", 0, 0, LinkSecurity.none(), event -> {});
    int port = relay.port();
    try (var server =
            new SplitServerAgent(
                "server",
                "127.0.0.1",
                port,
                0,
                LinkSecurity.none(),
                TERMS,
                100,
                new SplitServerAgent.Keep(folder.resolve("server"), 1),
                event -> {});
        var ahead =
            client(
                "ahead",
                port,
                event -> {
                  if (event instanceof SplitEvent.Measured) {
                    finished.countDown();
                  } else if (event instanceof SplitEvent.Joined) {
                    joinedTwice.countDown();
                  }
                });
        var behind =
            client(
                "behind",
                port,
                event -> {
                  if (event instanceof SplitEvent.Stepped stepped && stepped.step() == STEPS) {
                    await(goesOn);
                  }
                })) {
      var serving = CompletableFuture.runAsync(server::run, threads);
      var first = CompletableFuture.runAsync(ahead::run, threads);
      var second = CompletableFuture.runAsync(behind::run, threads);
      await(finished);
      TimeUnit.MILLISECONDS.sleep(300); // the server hears it
      relay.close();
      relay = RelayServer.start("127.0.0.1", port, 0, LinkSecurity.none(), event -> {});
      await(joinedTwice);
      TimeUnit.MILLISECONDS.sleep(300); // and again
      goesOn.countDown();
      assertThat(second).succeedsWithin(PATIENCE);
      assertThat(serving).succeedsWithin(PATIENCE);
      assertThat(first).succeedsWithin(Duration.ofSeconds(20));
    } finally {
      relay.close();
    }
  }
}
