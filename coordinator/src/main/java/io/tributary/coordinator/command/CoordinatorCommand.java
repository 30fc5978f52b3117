package io.tributary.coordinator.command;

import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.command.ByteRate;
import io.tributary.command.EventLines;
import io.tributary.command.SecurityOptions;
import io.tributary.command.StopSignal;
import io.tributary.coordinator.Coordinator;
import io.tributary.coordinator.CoordinatorOptions;
import io.tributary.coordinator.RunEvent;
import io.tributary.coordinator.page.LivePage;
import io.tributary.coordinator.page.PageLogin;
import io.tributary.coordinator.ship.ModelOffers;
import io.tributary.error.Errors;
import io.tributary.link.LinkTimes;
import io.tributary.run.ExchangeInterval;
import io.tributary.run.FragmentOrder;
import io.tributary.security.LinkSecurity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary coordinator}: leads one run to its end. */
@Command(
    name = "coordinator",
    description = {
      "Joins the streams of the agents of one run and sends back what all need.",
      "The first agent that joins brings the model. A coordinator that is started again with the same data folder goes on with "
          + "its run."
    })
final class CoordinatorCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorCommand.class);

  /** A change is encoded once for all agents, so nobody's link chooses its codec. */
  private static final String DOWN_WITH_AUTO = "e3m0";

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--port",
      defaultValue = "7077",
      description = "Port to listen on, 0 for any (${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data",
      defaultValue = "tributary-data/coordinator",
      description = "Data folder (${DEFAULT-VALUE}).")
  private Path data;

  @Option(names = "--agents", required = true, description = "Number of agents of the run.")
  private int agents;

  @Option(names = "--quorum", description = "Contributions a round needs (all agents).")
  private @Nullable Integer quorum;

  @Option(
      names = "--patience",
      defaultValue = "4",
      description =
          "With a quorum: how many times what it usually takes an agent is waited for: a sign of"
              + " work, coming back, a round. All three are measured (${DEFAULT-VALUE}).")
  private double patience;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Where initial values and data order come from (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--steps", required = true, description = "Inner steps of each agent.")
  private int steps;

  @Option(
      names = "--h",
      defaultValue = "30",
      converter = IntervalConverter.class,
      description =
          "Inner steps between two exchanges of a fragment, or 5..30 to grow from 5 to 30 over the"
              + " run (${DEFAULT-VALUE}).")
  private ExchangeInterval interval;

  @Option(
      names = "--fragments",
      defaultValue = "2",
      description =
          "Fragments of layers, beside the base; 1 for the whole model at once (${DEFAULT-VALUE}).")
  private int fragments;

  @Option(
      names = "--fragment-order",
      defaultValue = "strided",
      description =
          "Layers of a fragment: strided (every P-th) or sequential (neighbours)"
              + " (${DEFAULT-VALUE}).")
  private FragmentOrder fragmentOrder;

  @Option(
      names = "--tau",
      defaultValue = "2",
      description =
          "Steps between contribution and merge, less than h / fragments (${DEFAULT-VALUE}).")
  private int tau;

  @Option(
      names = "--alpha",
      defaultValue = "0.5",
      description = "Share of the local values in a merge (${DEFAULT-VALUE}).")
  private float alpha;

  @Option(
      names = "--eager",
      description =
          "Agents apply their own contribution at once and the others' when it comes; tau may then"
              + " be up to h - 1.")
  private boolean eager;

  @Option(
      names = "--outer",
      defaultValue = "nesterov:0.7,0.9",
      description = "Outer optimizer, nesterov:RATE,MOMENTUM or average:RATE (${DEFAULT-VALUE}).")
  private String outer;

  @Option(
      names = "--guard",
      defaultValue = "none",
      description =
          "What keeps a few bad contributions out: none, spectral, krum:F, trimmed-mean:F or median,"
              + " and clip:FACTOR, joined with + (${DEFAULT-VALUE}).")
  private String guard;

  @Option(
      names = "--codec",
      defaultValue = "e3m0",
      description =
          "Codec policy of contributions; auto or auto:A/B/... lets each agent choose by its link"
              + " (${DEFAULT-VALUE}).")
  private String codec;

  @Option(
      names = "--codec-down",
      description = "Codec policy of aggregates (as --codec; with auto, e3m0).")
  private @Nullable String codecDown;

  @Option(
      names = "--link",
      defaultValue = "none",
      converter = ByteRate.class,
      description = "Cap on what is sent to each agent, such as 2mbit (${DEFAULT-VALUE}).")
  private long bytesPerSecond;

  @Option(
      names = "--offer",
      paramLabel = "FILE",
      description = "A model for readers, see fetch; may be given several times.")
  private final List<Path> offered = new ArrayList<>();

  @Option(
      names = "--http-port",
      description = "Serve a live page of the run on this port, 0 for any (off).")
  private @Nullable Integer httpPort;

  @Option(
      names = "--http-host",
      defaultValue = "127.0.0.1",
      description = "Address that the page is served on (${DEFAULT-VALUE}).")
  private String httpHost;

  @Option(
      names = "--http-login",
      paramLabel = "FILE",
      description =
          "Ask browsers for the login in this file, NAME:PASSWORD. Needed on any address but"
              + " loopback.")
  private @Nullable Path httpLogin;

  @Mixin private SecurityOptions securityOptions;

  @Option(names = "--events", description = "Write events as JSON lines to standard output.")
  private boolean events;

  @Override
  public Integer call() {
    checkPort("--port", port);
    if (httpPort != null) {
      checkPort("--http-port", httpPort);
    }
    PageLogin login = httpLogin == null ? null : PageLogin.read(httpLogin);
    if (httpPort != null) {
      securityOptions.checkLogin("--http-host", httpHost, login != null);
    }
    LinkSecurity security = securityOptions.open("--host", host);
    var options =
        new CoordinatorOptions(
            host,
            port,
            data,
            agents,
            quorum == null ? agents : quorum,
            patience,
            seed,
            steps,
            interval,
            fragmentOrder,
            fragments,
            tau,
            alpha,
            eager,
            outer,
            guard,
            codec,
            codecDown(),
            bytesPerSecond);
    var lines = new EventLines(System.out);
    Consumer<RunEvent> listener = event -> LOG.info("{}", event);
    if (events) {
      listener = event -> lines.write((Record) event);
    }
    try (var signal = new StopSignal("coordinator");
        LivePage page =
            httpPort == null ? null : LivePage.open(httpHost, httpPort, security, login)) {
      if (page != null) {
        listener = listener.andThen(page);
        listener.accept(new RunEvent.Serving(page.url()));
      }
      try (Coordinator coordinator =
          Coordinator.start(
              options, security, LinkTimes.fromSettings(), new ModelOffers(offered), listener)) {
        if (page != null) {
          page.measure(coordinator::gauges);
        }
        signal.then(
            () -> {
              LOG.info("stopping; start it again with the same data folder to go on");
              coordinator.stop();
            });
        coordinator.await();
      }
    }
    return 0;
  }

  private String codecDown() {
    if (codecDown != null) {
      return codecDown;
    }
    return CodecPolicy.parse(codec, CodecRegistry.load()).isFixed() ? codec : DOWN_WITH_AUTO;
  }

  private static void checkPort(String option, int port) {
    if (port < 0 || port > 65_535) {
      throw Errors.invalidSetting(option, port, "0 to 65535");
    }
  }

  /** Reads what {@link ExchangeInterval#parse} reads. */
  static final class IntervalConverter implements ITypeConverter<ExchangeInterval> {
    @Override
    public ExchangeInterval convert(String text) {
      return ExchangeInterval.parse(text);
    }
  }
}
