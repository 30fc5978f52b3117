package io.tributary.bench.sync;

import io.tributary.bench.cluster.CoordinatorProcess;
import io.tributary.bench.cluster.FastLink;
import io.tributary.bench.cluster.LayeredModel;
import io.tributary.bench.cluster.LightAgent;
import io.tributary.bench.cluster.LoopbackTransfer;
import io.tributary.bench.cluster.ScratchFolder;
import io.tributary.codec.CodecRegistry;
import io.tributary.coordinator.CoordinatorSettings;
import io.tributary.error.Errors;
import io.tributary.run.FragmentMap;
import io.tributary.run.FragmentOrder;
import io.tributary.security.CertificateAuthority;
import io.tributary.security.LinkSecurity;
import io.tributary.security.Role;
import io.tributary.security.SecuritySettings;
import io.tributary.security.TlsProvider;
import io.tributary.tensor.ModelSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Exchanges a model of a given size between a coordinator, which is a process, and light agents in
 * this one, as fast as they can; every agent's copy of the model is compared by checksum after each
 * version.
 */
final class SyncBench {
  /** Layers of the model, each a fragment: one is received while another is made. */
  private static final int FRAGMENTS = 8;

  /** The fewest rounds before the measurement. */
  private static final int WARM_UP = 3;

  /** More rounds than anybody measures: the last one would be the plain mean, which costs less. */
  private static final int MOST_ROUNDS = 1_000_000;

  /** More than four agents have under way of a model of 256 MiB, three fragments each. */
  private static final int HELD_BYTES = 512 << 20;

  private static final int GRADIENT_VALUES = 4 << 20;

  private final int agents;
  private final int megabytes;
  private final boolean durable;
  private final int rounds;
  private final int warmUpSeconds;
  private final Path folder;

  /**
   * A bench.
   *
   * @param megabytes of the model, a multiple of 8
   * @param durable whether what is acknowledged is forced to the device
   * @param rounds to measure
   * @param warmUpSeconds how long rounds are made before that, three at least: until the JVMs have
   *     compiled what runs, they take more of the processors than it does
   * @param folder where the coordinator keeps its data
   */
  SyncBench(
      int agents, int megabytes, boolean durable, int rounds, int warmUpSeconds, Path folder) {
    this.agents = agents;
    this.megabytes = megabytes;
    this.durable = durable;
    this.rounds = rounds;
    this.warmUpSeconds = warmUpSeconds;
    this.folder = folder;
  }

  /**
   * Measures one codec, beside the network and the disk.
   *
   * @param tls whose TLS protects the links, or null for none
   */
  SyncRow run(String codec, @Nullable TlsProvider tls, long seed) {
    Path data = folder.resolve("data");
    ScratchFolder.delete(data);
    makeFolder();
    double loopbackBefore = LoopbackTransfer.bytesPerSecond(agents, (long) megabytes << 20);
    double disk = ForcedWrites.bytesPerSecond(folder);
    try {
      Transfer moved = exchange(codec, tls, seed, data);
      double loopbackAfter = LoopbackTransfer.bytesPerSecond(agents, (long) megabytes << 20);
      double loopback = (loopbackBefore + loopbackAfter) / 2; // it changes from minute to minute
      double wire = moved.bytes / moved.seconds;
      double values = (double) agents * rounds * ((long) megabytes << 20) / moved.seconds;
      double limit = durable ? Math.min(loopback, disk) : loopback;
      return new SyncRow(
          codec,
          agents,
          megabytes,
          durable ? "full" : "none",
          tls == null ? "none" : tls.name().toLowerCase(Locale.ROOT),
          rounds,
          moved.seconds,
          2 * values / 1e9,
          values / 1e9,
          moved.cpuSeconds / (2 * values * moved.seconds / 1e9),
          wire / 1e6,
          loopback / 1e6,
          disk / 1e6,
          wire / loopback,
          wire / limit);
    } finally {
      ScratchFolder.delete(data);
    }
  }

  private record Transfer(double seconds, double cpuSeconds, long bytes) {}

  private Transfer exchange(String codec, @Nullable TlsProvider tls, long seed, Path data) {
    ModelSchema schema = LayeredModel.of(megabytes, FRAGMENTS);
    FragmentMap fragments = FragmentMap.of(schema, FragmentOrder.STRIDED, FRAGMENTS);
    CodecRegistry codecs = CodecRegistry.load();
    var gradients = new float[GRADIENT_VALUES];
    var random = new Random(seed);
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = (float) random.nextGaussian() * 0.01f;
    }
    Keys keys = tls == null ? null : new Keys(folder.resolve("keys"), agents, tls);
    Scheduler worker =
        Schedulers.newParallel("bench-codec", Runtime.getRuntime().availableProcessors(), true);
    List<LightAgent> all = new ArrayList<>();
    try (CoordinatorProcess coordinator = coordinator(codec, keys, seed, data)) {
      int port = coordinator.port();
      for (int i = 0; i < agents; i++) {
        var cargo =
            new SyncCargo(schema, fragments, codec, codecs, gradients, seed * agents + i, worker);
        all.add(
            new LightAgent(
                FastLink.options(
                    name(i),
                    codecs.readable(),
                    keys == null ? LinkSecurity.none() : keys.ofAgent(i)),
                schema,
                cargo,
                port));
      }
      int warm = warmUp(all);
      long before = bytes(all);
      double cpuBefore = cpuSeconds(coordinator);
      long began = System.nanoTime();
      goOn(all, warm + rounds);
      double seconds = (System.nanoTime() - began) / 1e9;
      return new Transfer(seconds, cpuSeconds(coordinator) - cpuBefore, bytes(all) - before);
    } finally {
      all.forEach(LightAgent::close);
      worker.dispose();
    }
  }

  /** Makes rounds until the time is over, and returns how many. */
  private int warmUp(List<LightAgent> all) {
    long ends = System.nanoTime() + TimeUnit.SECONDS.toNanos(warmUpSeconds);
    int made = 0;
    while (made < WARM_UP || System.nanoTime() < ends) {
      made++;
      goOn(all, made);
    }
    return made;
  }

  /** What this process and the coordinator's have taken so far. */
  private static double cpuSeconds(CoordinatorProcess coordinator) {
    return Stream.of(ProcessHandle.current().pid(), coordinator.process().pid())
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .flatMap(process -> process.info().totalCpuDuration().stream())
        .mapToDouble(taken -> taken.toNanos() / 1e9)
        .sum();
  }

  private static long bytes(List<LightAgent> all) {
    return all.stream().mapToLong(LightAgent::bytes).sum();
  }

  private static void goOn(List<LightAgent> all, int version) {
    Errors.join(
        CompletableFuture.allOf(
            all.stream().map(a -> a.goOn(version)).toArray(CompletableFuture<?>[]::new)));
  }

  private static String name(int agent) {
    return "agent-" + agent;
  }

  /** Certificates for everybody in a folder. */
  private record Keys(Path folder, TlsProvider tls) {
    private static final Duration LIFE = Duration.ofDays(1);

    Keys(Path folder, int agents, TlsProvider tls) {
      this(folder, tls);
      ScratchFolder.delete(folder);
      CertificateAuthority authority = CertificateAuthority.create(folder);
      authority.issue(CertificateAuthority.COORDINATOR, Set.of(Role.COORDINATE), LIFE);
      for (int i = 0; i < agents; i++) {
        authority.issue(name(i), Set.of(Role.CONTRIBUTE), LIFE);
      }
    }

    LinkSecurity ofAgent(int agent) {
      return LinkSecurity.of(folder.resolve(name(agent)), tls);
    }

    Path ofCoordinator() {
      return folder.resolve(CertificateAuthority.COORDINATOR);
    }
  }

  private CoordinatorProcess coordinator(String codec, @Nullable Keys keys, long seed, Path data) {
    var jvm = new ArrayList<String>(FastLink.jvmOptions());
    jvm.add("-Xmx" + (6 * megabytes + 512) + "m");
    jvm.add("-D" + CoordinatorSettings.JOURNAL_DURABLE.property() + "=" + durable);
    jvm.add("-D" + CoordinatorSettings.JOURNAL_HELD_BYTES.property() + "=" + HELD_BYTES);
    int steps = FRAGMENTS * MOST_ROUNDS;
    var options =
        new ArrayList<String>(
            List.of(
                "--port",
                "0",
                "--data",
                data.toString(),
                "--agents",
                "" + agents,
                "--steps",
                "" + steps,
                "--h",
                "" + FRAGMENTS,
                "--fragments",
                "" + FRAGMENTS,
                "--tau",
                "0",
                "--alpha",
                "0",
                "--codec",
                codec,
                "--seed",
                "" + seed));
    if (keys != null) {
      jvm.add(
          "-D"
              + SecuritySettings.TLS_PROVIDER.property()
              + "="
              + keys.tls().name().toLowerCase(Locale.ROOT));
      options.addAll(List.of("--keys", keys.ofCoordinator().toString()));
    }
    return CoordinatorProcess.start(folder, jvm, options, event -> {});
  }

  private void makeFolder() {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw Errors.storage(folder, "can't make the folder", e);
    }
  }
}
