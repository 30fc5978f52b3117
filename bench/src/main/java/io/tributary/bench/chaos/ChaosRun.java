package io.tributary.bench.chaos;

import io.tributary.bench.ChildProcess;
import io.tributary.bench.cluster.CoordinatorProcess;
import io.tributary.bench.synthetic.SyntheticSettings;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.LinkSettings;
import io.tributary.security.CertificateAuthority;
import io.tributary.security.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run that suffers: a coordinator and agents as processes, a proxy before each agent, faults
 * from the plan's seed. Whoever is killed is started again at once; whoever ends unasked is named
 * and started again too. All links are protected by TLS: without it only what a codec has encoded
 * is covered by a checksum.
 */
final class ChaosRun implements AutoCloseable {
  private static final String COORDINATOR = CertificateAuthority.COORDINATOR;
  private static final int DISK_MEGABYTES = 192;
  private static final long TICK_MILLIS = 20;
  private static final Duration SAY_EVERY = Duration.ofSeconds(10);
  private static final Duration STALLED = Duration.ofSeconds(90);

  /** Faults end when so much is made, so that everybody is there at the end. */
  private static final double LAST_FAULT = 0.95;

  /** So many versions are made before anything is timed: processes are slow at first. */
  private static final int FIRST_VERSIONS = 6;

  /** So many tell how long a step takes, however slow they are. */
  private static final int LEAST_VERSIONS = 4;

  private static final int TEXT_BYTES = 64 * 1024;

  /** Seconds instead of the settings' many: connections break all the time here. */
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Dio.netty.leakDetection.level=advanced",
          "-Dio.netty.leakDetection.samplingInterval=4",
          "-D" + LinkSettings.PING_INTERVAL.property() + "=600",
          "-D" + LinkSettings.HELLO_PATIENCE.property() + "=2500",
          "-D" + LinkSettings.LAST_BACK_OFF.property() + "=800");

  private final ChaosPlan plan;
  private final PrintWriter out;
  private final ChaosRecord record = new ChaosRecord();
  private final FaultSource source;
  private final List<FaultProxy> proxies = new ArrayList<>();
  private final @Nullable ChildProcess[] agents;
  private final boolean[] killed;

  private record Relief(long at, Runnable what) {}

  /** What ends faults that last, the next one first. */
  private final PriorityQueue<Relief> reliefs =
      new PriorityQueue<>((a, b) -> Long.compare(a.at() - b.at(), 0));

  private @Nullable SmallDisk disk;
  private @Nullable CoordinatorProcess coordinator;
  private boolean coordinatorKilled;
  private int port;

  ChaosRun(ChaosPlan plan, PrintWriter out) {
    this.plan = plan;
    this.out = out;
    source = new FaultSource(plan);
    agents = new ChildProcess[plan.agents()];
    killed = new boolean[plan.agents()];
  }

  /**
   * Runs without faults for as long as a run of this length is left in peace, and tells how long a
   * step took once all processes were there.
   */
  Duration stepTime() {
    prepare();
    out.println("a short run without faults tells how long a step takes");
    out.flush();
    long from = begin();
    long until = from + plan.quiet().toNanos();
    long saidAt = from;
    while (record.fingerprint().isEmpty()
        && (System.nanoTime() - until < 0
            || record.made(from, System.nanoTime()) < LEAST_VERSIONS)) {
      tick();
      if (System.nanoTime() - saidAt >= SAY_EVERY.toNanos()) {
        saidAt = System.nanoTime();
        out.printf(
            Locale.ROOT,
            "%3.0f s of %d s, %d versions%n",
            (saidAt - from) / 1e9,
            plan.quiet().toSeconds(),
            record.made(from, saidAt));
        out.flush();
      }
    }
    long to = record.lastMade();
    return ChaosPlan.stepTime(Duration.ofNanos(to - from), record.made(from, to));
  }

  /** Prepares, runs, and compares with a run without faults. */
  ChaosFigures run() {
    prepare();
    long quietFrom = begin();
    long quietTo = System.nanoTime() + plan.quiet().toNanos();
    long last = System.nanoTime() + plan.length().toNanos();
    long next = quietTo + source.pause().toNanos();
    long saidAt = last;
    while (record.fingerprint().isEmpty()) {
      tick();
      long now = System.nanoTime();
      if (now > next && now < last && record.progress() < LAST_FAULT) {
        suffer(source.next());
        next += source.pause().toNanos();
      }
      if (now - saidAt >= SAY_EVERY.toNanos()) {
        saidAt = now;
        out.printf(
            Locale.ROOT,
            "%3.0f %% no more faults; the run goes on to its end%n",
            100 * record.progress());
        out.flush();
      }
    }
    long end = Math.min(last, record.lastMade());
    double quiet = rate(quietFrom, quietTo);
    double disturbed = rate(quietTo, end);
    awaitAgents();
    out.println("the run is over; now the same without faults, in one process");
    out.flush();
    String expected = new UndisturbedRun(plan).fingerprint();
    Duration lasted = Duration.ofNanos(end - quietFrom);
    return record.figures(plan, lasted, expected, quiet == 0 ? 0 : disturbed / quiet, leaks());
  }

  private double rate(long from, long to) {
    return to <= from ? 0 : record.made(from, to) / ((to - from) / 1e9);
  }

  // ---- begin and end

  private void prepare() {
    try {
      Files.createDirectories(plan.folder());
      Files.write(plan.text(), text(plan.seed()));
    } catch (IOException e) {
      throw Errors.storage(plan.folder(), "can't prepare", e);
    }
    if (plan.faults().contains(FaultKind.DISK_FULL)) {
      disk = smallDisk();
    }
    Duration life = Duration.ofDays(2);
    CertificateAuthority authority = CertificateAuthority.create(keys());
    authority.issue(COORDINATOR, Set.of(Role.COORDINATE), life);
    for (int i = 0; i < agents.length; i++) {
      authority.issue(name(i), Set.of(Role.CONTRIBUTE), life);
    }
  }

  private SmallDisk smallDisk() {
    try {
      return SmallDisk.mount(data(COORDINATOR), DISK_MEGABYTES);
    } catch (TributaryException e) {
      throw new TributaryException(
          e.code(), "--faults: disk-full needs " + e.getMessage() + "; leave it out", e);
    }
  }

  /** Words of letters that the seed chooses. */
  private static byte[] text(long seed) {
    var random = new Random(seed);
    var words = new StringBuilder();
    while (words.length() < TEXT_BYTES) {
      for (int letters = 1 + random.nextInt(9); letters > 0; letters--) {
        words.append((char) ('a' + random.nextInt(26)));
      }
      words.append(random.nextInt(12) == 0 ? '\n' : ' ');
    }
    return words.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Starts everything; returns the time when all take part. */
  private long begin() {
    startCoordinator();
    port = running(coordinator).port();
    for (int i = 0; i < agents.length; i++) {
      proxies.add(new FaultProxy(port, plan.seed() + i));
      startAgent(i);
    }
    while (record.made(record.began(), System.nanoTime()) < FIRST_VERSIONS) {
      tick();
    }
    return System.nanoTime();
  }

  private void startCoordinator() {
    var options = new ArrayList<String>(plan.coordinatorOptions());
    options.addAll(List.of("--port", "" + port));
    options.addAll(List.of("--data", data(COORDINATOR).toString()));
    options.addAll(List.of("--keys", keys().resolve(COORDINATOR).toString()));
    record.started(COORDINATOR);
    coordinator =
        CoordinatorProcess.start(plan.folder(), JVM_OPTIONS, options, record::coordinatorSaid);
  }

  private void startAgent(int agent) {
    String name = name(agent);
    var jvm = new ArrayList<String>(JVM_OPTIONS);
    jvm.add("-D" + SyntheticSettings.STEP_TIME.property() + "=" + plan.stepTime().toMillis());
    var command = new ArrayList<String>(List.of("agent", "--events", "--name", name));
    command.addAll(List.of("--coordinator", "127.0.0.1:" + proxies.get(agent).port()));
    command.addAll(List.of("--data", data(name).toString()));
    command.addAll(List.of("--keys", keys().resolve(name).toString()));
    command.addAll(plan.agentOptions());
    record.started(name);
    agents[agent] = ChildProcess.start(name, plan.folder(), jvm, command, event -> {});
  }

  private void awaitAgents() {
    for (int i = 0; i < agents.length; i++) {
      ChildProcess agent = agents[i];
      if (agent != null && agent.exitWithin(Duration.ofSeconds(10)).orElse(1) != 0) {
        record.endedByItself(name(i), "didn't end with the run; " + lastWords(name(i)));
      }
    }
  }

  // ---- while it goes on

  private void tick() {
    try {
      Thread.sleep(TICK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TributaryException(ErrorCode.CANCELLED, "interrupted", e);
    }
    while (!reliefs.isEmpty() && reliefs.peek().at() - System.nanoTime() <= 0) {
      reliefs.remove().what().run();
    }
    if (record.fingerprint().isEmpty()) {
      restartWhoEnded();
    }
    if (record.silence() > STALLED.toNanos()) {
      throw new TributaryException(
          ErrorCode.INTERNAL,
          "no version was made for "
              + STALLED.toSeconds()
              + " s, with "
              + record.present()
              + " of "
              + agents.length
              + " agents connected; the logs are in "
              + plan.folder());
    }
  }

  private void restartWhoEnded() {
    if (!running(coordinator).process().isAlive()) {
      if (disk != null) {
        disk.empty();
      }
      if (!coordinatorKilled) {
        record.endedByItself(COORDINATOR, lastWords(COORDINATOR));
      }
      coordinatorKilled = false;
      startCoordinator();
    }
    for (int i = 0; i < agents.length; i++) {
      ChildProcess agent = agents[i];
      if (agent != null && !agent.isAlive()) {
        if (!killed[i] && agent.exitWithin(Duration.ZERO).orElse(1) == 0) {
          continue; // it has finished, and the coordinator is about to say so
        }
        if (!killed[i]) {
          record.endedByItself(name(i), lastWords(name(i)));
        }
        killed[i] = false;
        startAgent(i);
      }
    }
  }

  private void suffer(Fault fault) {
    FaultProxy proxy = proxies.get(fault.agent());
    String victim = name(fault.agent());
    switch (fault.kind()) {
      case KILL -> {
        killed[fault.agent()] = true;
        note(victim, fault, true);
        running(agents[fault.agent()]).kill();
      }
      case COORDINATOR_KILL -> {
        coordinatorKilled = true;
        note(COORDINATOR, fault, true);
        running(coordinator).process().kill();
      }
      case DISK_FULL -> {
        coordinatorKilled = true;
        note(COORDINATOR, fault, true);
        running(disk).fill();
      }
      case DELAY -> {
        note(victim, fault, false);
        proxy.delay(Duration.ofMillis(fault.strength()));
        relieve(fault, () -> proxy.delay(Duration.ZERO));
      }
      case SLOW -> {
        note(victim, fault, false);
        proxy.slow(fault.strength());
        relieve(fault, () -> proxy.slow(0));
      }
      case PARTITION -> {
        note(victim, fault, false);
        proxy.part(true);
        relieve(fault, () -> proxy.part(false));
      }
      case HALF_OPEN -> {
        note(victim, fault, false);
        proxy.halfOpen();
      }
      case CORRUPT -> {
        note(victim, fault, false);
        proxy.corrupt();
      }
      case LOSS -> {
        note(victim, fault, false);
        proxy.lose();
      }
    }
  }

  private void note(String victim, Fault fault, boolean kills) {
    record.suffers(victim, fault.kind(), kills);
    out.printf(
        Locale.ROOT, "%3.0f %% %-16s %s%n", 100 * record.progress(), fault.kind().label(), victim);
    out.flush();
  }

  private void relieve(Fault fault, Runnable what) {
    reliefs.add(new Relief(System.nanoTime() + fault.lasts().toNanos(), what));
  }

  // ---- where things are

  private static String name(int agent) {
    return "agent-" + (agent + 1);
  }

  private Path data(String name) {
    return plan.folder().resolve("data-" + name);
  }

  private Path keys() {
    return plan.folder().resolve("keys");
  }

  private static <T> T running(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the run hasn't begun");
    }
    return part;
  }

  private String lastWords(String name) {
    List<String> lines = log(name);
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }

  private List<String> log(String name) {
    try {
      return Files.readAllLines(plan.folder().resolve(name + ".log"));
    } catch (IOException e) {
      return List.of("its log can't be read: " + e.getMessage());
    }
  }

  private int leaks() {
    return (int)
        Stream.concat(
                Stream.of(COORDINATOR),
                Stream.iterate(0, i -> i < agents.length, i -> i + 1).map(ChaosRun::name))
            .flatMap(name -> log(name).stream())
            .filter(line -> line.contains("LEAK: "))
            .count();
  }

  @Override
  public void close() {
    Arrays.stream(agents).filter(a -> a != null).forEach(ChildProcess::kill);
    if (coordinator != null) {
      coordinator.process().kill();
    }
    proxies.forEach(FaultProxy::close);
    if (disk != null) {
      disk.close();
    }
  }
}
