package io.tributary.coordinator.command;

import io.tributary.command.ByteRate;
import io.tributary.command.EventLines;
import io.tributary.command.SecurityOptions;
import io.tributary.command.StopSignal;
import io.tributary.coordinator.relay.RelayEvent;
import io.tributary.coordinator.relay.RelayServer;
import io.tributary.coordinator.ship.ModelOffers;
import io.tributary.error.Errors;
import io.tributary.security.LinkSecurity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary relay}: passes streams on between agents. */
@Command(
    name = "relay",
    description = {
      "Passes streams on between agents that can't reach each other, sends models to readers, and keeps nothing.",
      "A coordinator does so too, beside its run; this command is for agents that have no run."
    })
final class RelayCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RelayCommand.class);

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

  @Mixin private SecurityOptions securityOptions;

  @Option(names = "--events", description = "Write events as JSON lines to standard output.")
  private boolean events;

  @Override
  public Integer call() {
    if (port < 0 || port > 65_535) {
      throw Errors.invalidSetting("--port", port, "0 to 65535");
    }
    LinkSecurity security = securityOptions.open("--host", host);
    var lines = new EventLines(System.out);
    Consumer<RelayEvent> listener =
        events ? event -> lines.write((Record) event) : event -> LOG.info("{}", event);
    try (var signal = new StopSignal("relay");
        RelayServer relay =
            RelayServer.start(
                host, port, bytesPerSecond, security, new ModelOffers(offered), listener)) {
      signal.then(relay::stop);
      relay.await();
    }
    return 0;
  }
}
