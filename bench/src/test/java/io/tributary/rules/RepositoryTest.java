package io.tributary.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.command.CommandProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the repository's files look like. */
class RepositoryTest {
  private static final int MOST_LINES = 600;

  private static final List<String> FOLDERS =
      List.of(
          "stream-core",
          "codecs",
          "edge-agent",
          "coordinator",
          "bench",
          "python",
          "docs",
          "config",
          "changes",
          ".ci",
          ".mvn");

  private static final List<String> FILES =
      List.of("README.md", "CONTRIBUTING.md", "pom.xml", "tributary");

  private static final Pattern TEXT =
      Pattern.compile(
          ".*\\.(java|md|xml|txt|properties|py|toml|html|css|js|cl)|.*/(tributary|run)");

  /** What must not be written, with the reason. */
  private static final Map<Pattern, String> UNWANTED =
      Map.of(
          Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b"),
          "what is left to do is an issue, not a comment",
          Pattern.compile("(?<![\\w.])/(home|root|work|Users)/\\w"),
          "a path of one machine means nothing on another",
          Pattern.compile("^(<{7}|>{7}) "),
          "a merge was not finished",
          Pattern.compile("\\brepo[.1]?[.]maven[.]apache|maven[.]org/"),
          "where packages come from is the user's configuration");

  private static final Pattern COMMAND_LINE =
      Pattern.compile("\\./tributary +([a-z][a-z-]*)((?: +[^`#\\n]*)?)");

  private static final Pattern OPTION = Pattern.compile("(?<=\\s)--[a-z][a-z-]*");

  @Test
  void sourcesAreShort() {
    var longOnes = new TreeMap<Path, Long>();
    for (Path file : textFiles()) {
      long lines = Repository.read(file).lines().count();
      if (file.toString().contains("/src/") && lines > MOST_LINES) {
        longOnes.put(file, lines);
      }
    }
    assertThat(longOnes).as("files of more than %d lines", MOST_LINES).isEmpty();
  }

  @Test
  void nothingUnwantedIsWritten() {
    var found = new ArrayList<String>();
    for (Path file : textFiles()) {
      List<String> lines = Repository.read(file).lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        for (Map.Entry<Pattern, String> entry : UNWANTED.entrySet()) {
          if (entry.getKey().matcher(lines.get(i)).find()) {
            found.add(file + ":" + (i + 1) + ": " + entry.getValue());
          }
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void publicTypesAreDocumented() {
    Pattern head =
        Pattern.compile(
            "^public (?:(?:abstract|final|sealed|non-sealed) )*"
                + "(?:class|interface|record|enum|@interface) (\\w+)",
            Pattern.MULTILINE);
    Pattern documented = Pattern.compile("\\*/\\s*(?:@[^\\n]*(?:\\n\\s[^\\n]*)*\\s*)*$");
    var bare = new ArrayList<Path>();
    for (Path file : mainSources()) {
      String text = Repository.read(file);
      Matcher matcher = head.matcher(text);
      if (matcher.find() && !documented.matcher(text.substring(0, matcher.start())).find()) {
        bare.add(file);
      }
    }
    assertThat(bare).as("public types without Javadoc").isEmpty();
  }

  /** Numbers on the wire and in files are promises; the order of an enum is not. */
  @Test
  void noSourceUsesTheOrderOfAnEnum() {
    assertThat(mainSources())
        .isNotEmpty()
        .noneMatch(file -> Repository.read(file).contains(".ordinal()"));
  }

  @Test
  void commandsInTheDocumentsExist() {
    var commands = new TreeMap<String, CommandLine>();
    for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
      var line = new CommandLine(provider.command());
      commands.put(line.getCommandName(), line);
    }
    var wrong = new ArrayList<String>();
    for (Path file : textFiles()) {
      if (!file.toString().endsWith(".md")) {
        continue;
      }
      Matcher call = COMMAND_LINE.matcher(Repository.read(file));
      while (call.find()) {
        CommandLine command = commands.get(call.group(1));
        if (command == null) {
          wrong.add(file + ": no command " + call.group(1));
        } else if (!call.group(1).equals("test")) {
          Matcher option = OPTION.matcher(call.group(2));
          while (option.find()) {
            if (!knows(command, option.group()) && !option.group().equals("--help")) {
              wrong.add(file + ": " + call.group(1) + " has no option " + option.group());
            }
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static boolean knows(CommandLine command, String option) {
    return command.getCommandSpec().findOption(option) != null
        || command.getSubcommands().values().stream().anyMatch(sub -> knows(sub, option));
  }

  @Test
  void linksBetweenDocumentsLeadSomewhere() {
    Pattern link = Pattern.compile("]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");
    var dangling = new ArrayList<String>();
    for (Path file : textFiles()) {
      if (file.toString().endsWith(".md")) {
        Matcher target = link.matcher(Repository.read(file));
        while (target.find()) {
          if (!Files.exists(file.resolveSibling(target.group(1)))) {
            dangling.add(file + ": " + target.group(1));
          }
        }
      }
    }
    assertThat(dangling).isEmpty();
  }

  @Test
  void readmeNamesTheTwoCommandsToBegin() {
    assertThat(Repository.read(Repository.root().resolve("README.md")))
        .contains("./tributary demo", "./tributary test");
  }

  private static List<Path> mainSources() {
    return Stream.of(ProjectModule.values())
        .flatMap(module -> Repository.mainSources(module).stream())
        .toList();
  }

  private static List<Path> textFiles() {
    List<Path> files =
        Stream.concat(
                FOLDERS.stream().flatMap(folder -> Repository.filesBelow(folder).stream()),
                FILES.stream().map(Repository.root()::resolve))
            .filter(file -> TEXT.matcher(file.toString()).matches())
            .toList();
    assertThat(files).hasSizeGreaterThan(50);
    return files;
  }
}
