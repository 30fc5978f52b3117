package io.tributary.bench.start;

import io.tributary.bench.cluster.ScratchFolder;
import io.tributary.command.TributaryMain;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.security.CertificateAuthority;
import io.tributary.security.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code tributary rehearse}: a coordinator and agents in one process, as their own commands, for a
 * few steps. The launcher has the JVM note the classes that they load.
 */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Runs a coordinator and agents in this process once, for a few steps.")
final class RehearseCommand implements Callable<Integer> {
  private static final String COORDINATOR = CertificateAuthority.COORDINATOR;
  private static final Duration LIFE = Duration.ofDays(1);
  private static final long PATIENCE_SECONDS = 120;
  private static final int TEXT_LINES = 4000;

  @Option(
      names = "--engines",
      split = ",",
      defaultValue = "synthetic",
      description = "Training engines, one agent for each (${DEFAULT-VALUE}).")
  private List<String> engines;

  @Option(names = "--folder", required = true, description = "Made, filled and deleted again.")
  private Path folder;

  @Override
  public Integer call() {
    try {
      prepare();
      int port = freePort();
      var coordinator = start(COORDINATOR, coordinatorLine(port));
      var agents = new ArrayList<FutureTask<Integer>>();
      for (int i = 0; i < engines.size(); i++) {
        agents.add(start(name(i), agentLine(i, port)));
      }
      for (FutureTask<Integer> agent : agents) {
        if (exitOf(agent) != 0) {
          return 1; // it has said why, and the coordinator would wait for it
        }
      }
      return exitOf(coordinator);
    } finally {
      ScratchFolder.delete(folder);
    }
  }

  private void prepare() {
    try {
      Files.createDirectories(folder);
      Files.writeString(text(), "Small streams flow into one river.\n".repeat(TEXT_LINES));
    } catch (IOException e) {
      throw Errors.storage(folder, "can't prepare", e);
    }
    CertificateAuthority authority = CertificateAuthority.create(keys());
    authority.issue(COORDINATOR, Set.of(Role.COORDINATE), LIFE);
    for (int i = 0; i < engines.size(); i++) {
      authority.issue(name(i), Set.of(Role.CONTRIBUTE), LIFE);
    }
  }

  /** Free a moment ago: whoever takes it meanwhile ends the rehearsal, and nothing else. */
  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new TributaryException(ErrorCode.INTERNAL, "no free port on loopback", e);
    }
  }

  private String[] coordinatorLine(int port) {
    return new String[] {
      "coordinator",
      "--events",
      "--port",
      "" + port,
      "--http-port",
      "0",
      "--agents",
      "" + engines.size(),
      "--steps",
      "24",
      "--h",
      "8",
      "--tau",
      "1",
      "--codec",
      "e3m0+ef",
      "--data",
      folder.resolve("data").toString(),
      "--keys",
      keys().resolve(COORDINATOR).toString()
    };
  }

  private String[] agentLine(int agent, int port) {
    return new String[] {
      "agent",
      "--events",
      "--coordinator",
      "127.0.0.1:" + port,
      "--name",
      name(agent),
      "--engine",
      engines.get(agent),
      "--layers",
      "2",
      "--heads",
      "2",
      "--width",
      "16",
      "--context",
      "16",
      "--batch",
      "2",
      "--heldout",
      "2",
      "--text",
      text().toString(),
      "--data",
      folder.resolve("data-" + name(agent)).toString(),
      "--keys",
      keys().resolve(name(agent)).toString()
    };
  }

  private static FutureTask<Integer> start(String name, String[] line) {
    var task = new FutureTask<>(() -> TributaryMain.run(line));
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private static int exitOf(FutureTask<Integer> task) {
    try {
      return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TributaryException(ErrorCode.CANCELLED, "interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new TributaryException(ErrorCode.INTERNAL, "the rehearsal doesn't end: " + e, e);
    }
  }

  private static String name(int agent) {
    return "agent-" + (agent + 1);
  }

  private Path text() {
    return folder.resolve("text.txt");
  }

  private Path keys() {
    return folder.resolve("keys");
  }
}
