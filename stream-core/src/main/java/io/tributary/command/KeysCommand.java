package io.tributary.command;

import io.tributary.error.Errors;
import io.tributary.security.CertificateAuthority;
import io.tributary.security.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tributary keys}: who may take part. */
@Command(
    name = "keys",
    description = {
      "Makes the keys of a run: a certificate authority, and a folder of keys for each process.",
      "Copy a process's folder to its machine and name it with --keys. ca.key stays here."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      KeysCommand.InitKeysCommand.class,
      KeysCommand.AgentKeysCommand.class,
      KeysCommand.RevokeKeysCommand.class
    })
final class KeysCommand {
  /** Where the authority is. */
  static final class Place {
    @Option(
        names = "--folder",
        defaultValue = "keys",
        description = "The authority's folder (${DEFAULT-VALUE}).")
    private Path folder;
  }

  /** How long a certificate lives. */
  static final class Life {
    private static final int MOST_DAYS = 3650;

    @Option(
        names = "--days",
        defaultValue = "365",
        description = "How long the certificate is valid (${DEFAULT-VALUE}).")
    private int days;

    private Duration duration() {
      if (days < 1 || days > MOST_DAYS) {
        throw Errors.invalidSetting("--days", days, "1 to " + MOST_DAYS);
      }
      return Duration.ofDays(days);
    }
  }

  @Command(name = "init", description = "Make the authority and the coordinator's keys.")
  static final class InitKeysCommand implements Runnable {
    @Mixin private Place place;
    @Mixin private Life life;
    @Spec private CommandSpec spec;

    @Override
    public void run() {
      Duration valid = life.duration();
      Path node =
          CertificateAuthority.create(place.folder)
              .issue(
                  CertificateAuthority.COORDINATOR,
                  Set.of(Role.COORDINATE, Role.RELAY, Role.READ),
                  valid);
      spec.commandLine().getOut().println("authority in " + place.folder + ", keys in " + node);
    }
  }

  @Command(name = "agent", description = "Make an agent's keys; again, to replace them.")
  static final class AgentKeysCommand implements Runnable {
    @Mixin private Place place;
    @Mixin private Life life;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "The agent's name, as in its --name.")
    private String name;

    @Option(
        names = "--role",
        split = ",",
        defaultValue = "contribute,relay,read",
        description = "What it may do: contribute, relay, read (${DEFAULT-VALUE}).")
    private List<String> roles;

    @Override
    public void run() {
      Set<Role> may =
          roles.stream()
              .map(
                  text ->
                      Role.of(text)
                          .filter(role -> role != Role.COORDINATE)
                          .orElseThrow(
                              () ->
                                  Errors.invalidSetting(
                                      "--role", text, "contribute, relay or read")))
              .collect(Collectors.toSet());
      if (name.equals(CertificateAuthority.COORDINATOR)) {
        throw Errors.invalidSetting("NAME", name, "another name than the coordinator's");
      }
      Path node = CertificateAuthority.open(place.folder).issue(name, may, life.duration());
      spec.commandLine().getOut().println("keys of " + name + " " + may + " in " + node);
    }
  }

  @Command(name = "revoke", description = "Shut out who has the certificate of this name.")
  static final class RevokeKeysCommand implements Runnable {
    @Mixin private Place place;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Whose certificate.")
    private String name;

    @Override
    public void run() {
      CertificateAuthority.open(place.folder).revoke(name);
      spec.commandLine()
          .getOut()
          .println(
              "revoked the certificate of "
                  + name
                  + "; copy the file revoked to the coordinator's folder if that is elsewhere");
    }
  }
}
