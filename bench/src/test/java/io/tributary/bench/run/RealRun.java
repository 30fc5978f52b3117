package io.tributary.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.security.CertificateAuthority;
import io.tributary.security.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * One run of real processes in a folder of its own: a coordinator and agents that train a tiny
 * model with the real engine on real text over real sockets.
 */
final class RealRun implements AutoCloseable {
  private static final String SEED = "5";
  private static final int WIDTH = 16;
  private static final int TEXT_FILES = 12;

  private final Path folder;
  private final Path text;
  private final Map<String, WatchedProcess> agents = new LinkedHashMap<>();
  private final List<WatchedProcess> all = new ArrayList<>();
  private final List<String> coordinatorOptions;
  private final String link;
  private @Nullable WatchedProcess coordinator;
  private int port;
  private @Nullable Path keys;

  /**
   * A run that hasn't begun.
   *
   * @param link the speed of all links
   * @param options the coordinator's, beside seed, folder and port
   */
  RealRun(Path folder, String link, String... options) {
    this.folder = folder;
    this.link = link;
    coordinatorOptions = List.of(options);
    text = someText(folder);
  }

  /**
   * Some of the text that comes with the build: all of it would take longer to read than the run.
   */
  static Path someText(Path folder) {
    Path text = folder.resolve("text");
    if (Files.exists(text)) {
      return text;
    }
    Path jars = Path.of("target", "text");
    try (var files = Files.list(jars)) {
      Path jar = files.filter(f -> f.toString().endsWith(".jar")).findFirst().orElseThrow();
      Files.createDirectories(text);
      try (var archive = new ZipFile(jar.toFile())) {
        List<? extends ZipEntry> entries =
            archive.stream()
                .filter(e -> e.getName().endsWith("Utils.java"))
                .sorted(java.util.Comparator.comparing(ZipEntry::getName))
                .limit(TEXT_FILES)
                .toList();
        assertThat(entries).hasSize(TEXT_FILES);
        for (ZipEntry entry : entries) {
          try (var in = archive.getInputStream(entry)) {
            Files.copy(in, text.resolve(entry.getName().replace('/', '-')));
          }
        }
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes keys for the coordinator and for agents, with which all of them are started from now on.
   *
   * @return keys of an agent of another run, called mallory
   */
  Path protect(String... names) {
    keys = folder.resolve("keys");
    Duration life = Duration.ofDays(1);
    CertificateAuthority authority = CertificateAuthority.create(keys);
    authority.issue(CertificateAuthority.COORDINATOR, Set.of(Role.COORDINATE), life);
    for (String name : names) {
      authority.issue(name, Set.of(Role.CONTRIBUTE), life);
    }
    return CertificateAuthority.create(folder.resolve("other-keys"))
        .issue("mallory", Set.of(Role.CONTRIBUTE), life);
  }

  /** Starts the coordinator, at first on any port, later on the same again. */
  WatchedProcess startCoordinator() {
    List<String> line =
        new ArrayList<>(List.of("coordinator", "--events", "--port", "" + port, "--seed", SEED));
    line.addAll(List.of("--data", data("coordinator").toString(), "--link", link));
    line.addAll(coordinatorOptions);
    if (keys != null) {
      line.addAll(List.of("--keys", keys.resolve(CertificateAuthority.COORDINATOR).toString()));
    }
    WatchedProcess started = new WatchedProcess("coordinator", folder, line);
    all.add(started);
    coordinator = started;
    port = started.await("listening").path("port").asInt();
    return started;
  }

  /** Starts an agent, or starts it again. */
  WatchedProcess startAgent(String name) {
    return startAgent(name, WIDTH);
  }

  /** Starts an agent with keys from elsewhere. */
  WatchedProcess startWithKeys(String name, Path own) {
    return startAgent(name, WIDTH, own);
  }

  /** Starts an agent whose model has another width. */
  WatchedProcess startAgent(String name, int width) {
    return startAgent(name, width, keys == null ? null : keys.resolve(name));
  }

  private WatchedProcess startAgent(String name, int width, @Nullable Path own) {
    List<String> line =
        new ArrayList<>(List.of("agent", "--events", "--coordinator", "127.0.0.1:" + port));
    line.addAll(List.of("--name", name, "--data", data(name).toString(), "--link", link));
    line.addAll(List.of("--layers", "2", "--width", "" + width, "--heads", "2", "--context", "16"));
    line.addAll(List.of("--batch", "2", "--heldout", "4", "--text", text.toString()));
    line.addAll(List.of("--save", saved(name).toString()));
    if (own != null) {
      line.addAll(List.of("--keys", own.toString()));
    }
    WatchedProcess started = new WatchedProcess(name, folder, line);
    all.add(started);
    agents.put(name, started);
    return started;
  }

  /** Where an agent leaves the model at the end. */
  private Path saved(String name) {
    return folder.resolve(name + ".safetensors");
  }

  /** Where a process keeps its state. */
  Path data(String name) {
    return folder.resolve("data-" + name);
  }

  /** What a process has logged. */
  String log(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  WatchedProcess coordinator() {
    return Objects.requireNonNull(coordinator);
  }

  WatchedProcess agent(String name) {
    return Objects.requireNonNull(agents.get(name));
  }

  /**
   * Waits for the good end of the coordinator and of the agents named, which have all saved the
   * same model.
   *
   * @return the fingerprint, which each of them has computed from its own memory
   */
  String awaitEnd(String... names) {
    JsonNode finished = coordinator().await("finished");
    String fingerprint = finished.path("fingerprint").asText();
    assertThat(fingerprint).hasSize(64);
    for (String name : names) {
      assertThat(agent(name).await("finished").path("fingerprint").asText())
          .as("fingerprint of %s", name)
          .isEqualTo(fingerprint);
      agent(name).awaitEnd();
      assertThat(saved(name)).hasSameBinaryContentAs(saved(names[0]));
    }
    coordinator().awaitEnd();
    return fingerprint;
  }

  @Override
  public void close() {
    all.forEach(WatchedProcess::close);
  }
}
