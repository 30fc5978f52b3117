package io.tributary.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.agent.split.SplitClientAgent;
import io.tributary.agent.split.SplitEvent;
import io.tributary.agent.split.SplitServerAgent;
import io.tributary.agent.split.SplitTerms;
import io.tributary.bench.cluster.ScratchFolder;
import io.tributary.coordinator.relay.RelayServer;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.security.LinkSecurity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends of one cut that stop and come again with what they have kept, in this process. */
class SplitGoBackTest {
  private static final int STEPS = 11;
  private static final SplitTerms TERMS =
      new SplitTerms(2, 2, 16, 16, 1, 1, 2, 2, "amaq", 4, 6, STEPS, 0.003, 2, 1, "djl", 1);

  @TempDir private Path folder;

  /** An end that stops by itself behind a step, or doesn't. */
  private abstract static class End implements AutoCloseable {
    final List<SplitEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final int lastStep;
    private @Nullable Thread thread;
    volatile @Nullable ErrorCode end;

    End(int lastStep) {
      this.lastStep = lastStep;
    }

    void said(SplitEvent event) {
      events.add(event);
      if (event instanceof SplitEvent.Stepped stepped && stepped.step() == lastStep) {
        stop();
      }
    }

    abstract void stop();

    @Override
    public abstract void close();

    /** Runs it on a thread of its own. */
    void begin(String name, Runnable work) {
      thread =
          new Thread(
              () -> {
                try {
                  work.run();
                } catch (TributaryException e) {
                  end = e.code();
                }
              },
              name);
      thread.start();
    }

    void await() {
      try {
        Objects.requireNonNull(thread).join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private class Server extends End {
    private final SplitServerAgent agent;

    Server(String run, int port, int lastStep) {
      super(lastStep);
      agent =
          new SplitServerAgent(
              "server",
              "127.0.0.1",
              port,
              0,
              LinkSecurity.none(),
              TERMS,
              4,
              new SplitServerAgent.Keep(folder.resolve(run + "-server"), 4),
              this::said);
      begin("server", agent::run);
    }

    @Override
    void stop() {
      agent.stop();
    }

    @Override
    public void close() {
      await();
      agent.close();
    }
  }

  private final class Client extends End {
    private final SplitClientAgent agent;

    Client(String run, int port, int lastStep) {
      super(lastStep);
      agent =
          new SplitClientAgent(
              "client",
              "127.0.0.1",
              port,
              0,
              LinkSecurity.none(),
              RealRun.someText(folder),
              3,
              2,
              folder.resolve(run + "-client"),
              this::said);
      begin("client", agent::run);
    }

    @Override
    void stop() {
      agent.stop();
    }

    @Override
    public void close() {
      await();
      agent.close();
    }
  }

  private static Map<String, Double> losses(List<? extends End> ends) {
    var losses = new TreeMap<String, Double>();
    for (End end : ends) {
      for (SplitEvent event : List.copyOf(end.events)) {
        if (event instanceof SplitEvent.Stepped stepped) {
          losses.put("step " + stepped.step(), stepped.loss());
        } else if (event instanceof SplitEvent.Measured measured) {
          losses.put("measured " + measured.step(), measured.loss());
        }
      }
    }
    return losses;
  }

  @Test
  void whoStopsGoesOnFromTheLatestStateThatBothHave() throws InterruptedException {
    try (RelayServer relay =
        RelayServer.start("127.0.0.1", 0, 0, LinkSecurity.none(), event -> {})) {
      var calm = new Client("calm", relay.port(), 0);
      var calmServer = new Server("calm", relay.port(), 0);
      calm.close();
      calmServer.close();
      assertThat(losses(List.of(calm))).hasSize(STEPS + 4);

      // The server is away first, then the client; each comes again.
      var clients = new ArrayList<Client>(List.of(new Client("other", relay.port(), 9)));
      var servers = new ArrayList<Server>(List.of(new Server("other", relay.port(), 6)));
      servers.get(0).close();
      servers.add(new Server("other", relay.port(), 0));
      clients.get(0).close();
      assertThat(clients.get(0).end).isEqualTo(ErrorCode.CANCELLED);
      clients.add(new Client("other", relay.port(), 0));
      clients.get(1).close();
      servers.get(1).close();

      assertThat(clients.get(1).end).isNull();
      assertThat(losses(clients)).isEqualTo(losses(List.of(calm)));
      assertThat(losses(servers)).isEqualTo(losses(List.of(calmServer)));
      assertThat(servers.get(1).events).anyMatch(e -> e instanceof SplitEvent.WentBack);
      assertThat(clients.get(0).events).anyMatch(e -> e instanceof SplitEvent.WentBack);
    }
  }

  @Test
  void aServerThatCanNotKeepItsFirstStateEndsWithThatReason() {
    try (RelayServer relay =
        RelayServer.start("127.0.0.1", 0, 0, LinkSecurity.none(), event -> {})) {
      var server = new Server("lost", relay.port(), 0);
      ScratchFolder.delete(folder.resolve("lost-server"));
      endsByItsDisk(server, new Client("lost", relay.port(), 0));
    }
  }

  @Test
  void aServerThatCanNotKeepALaterStateDoesSoToo() {
    try (RelayServer relay =
        RelayServer.start("127.0.0.1", 0, 0, LinkSecurity.none(), event -> {})) {
      var server =
          new Server("lost", relay.port(), 2) {
            @Override
            void stop() {
              ScratchFolder.delete(folder.resolve("lost-server"));
            }
          };
      endsByItsDisk(server, new Client("lost", relay.port(), 0));
    }
  }

  private static void endsByItsDisk(Server server, Client client) {
    server.close();
    assertThat(server.end).isEqualTo(ErrorCode.STORAGE);
    client.stop();
    client.close();
    assertThat(client.end).as("it waits for the server").isEqualTo(ErrorCode.CANCELLED);
  }
}
