package io.tributary.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher script: its flags are those of the tests, its errors say what to do. */
class LauncherTest {
  private static final Path SCRIPT = Repository.root().resolve("tributary");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "FLAGS_CHRONICLE, flags.chronicle",
    "FLAGS_VECTOR, flags.vector",
    "FLAGS_DJL, flags.djl",
    "FLAGS_NETTY, flags.netty",
    "FLAGS_JAVA25, flags.java25"
  })
  void theProductRunsWithTheFlagsOfTheTests(String array, String property) {
    assertThat(flagsOfScript(array)).isNotEmpty().isEqualTo(flagsOfBuild(property));
  }

  @Test
  void theScriptIsExecutableAndParses() throws Exception {
    assertThat(SCRIPT).isExecutable();
    var checked = run(new ProcessBuilder("bash", "-n", SCRIPT.toString()));
    assertThat(checked).isEqualTo(new Outcome(0, ""));
  }

  /** Otherwise the script would go on without, and each start take seconds longer. */
  @Test
  void theLibraryPrintsTheSourceThatTheScriptCompiles() throws Exception {
    Matcher matcher =
        Pattern.compile("(net\\.openhft\\.[\\w.]+) >").matcher(Repository.read(SCRIPT));
    assertThat(matcher.find()).isTrue();
    assertThat(Class.forName(matcher.group(1)).getMethod("main", String[].class)).isNotNull();
  }

  @Test
  void withoutJavaItSaysHowToGetOne() throws Exception {
    Outcome outcome = launchWith(folder.resolve("nothing"));
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.text())
        .contains("needs a JDK, version 17 or later", "nothing has no bin/java", "apt-get install");
  }

  @Test
  void aRuntimeWithoutCompilerIsNotEnough() throws Exception {
    Outcome outcome = launchWith(java("17.0.9"));
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.text()).contains("is Java 17 without a compiler (a JRE, not a JDK)");
  }

  @ParameterizedTest
  @CsvSource({"11.0.2, 11", "1.8.0_362, 8"})
  void anOldJavaIsRefused(String version, String shown) throws Exception {
    Outcome outcome = launchWith(java(version));
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.text()).contains("is Java " + shown + ", too old");
  }

  @Test
  void helpOfTheTestsNeedsNoBuild() throws Exception {
    Outcome outcome = run(new ProcessBuilder(SCRIPT.toString(), "test", "--help"));
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.text()).startsWith("Usage: tributary test").contains("--no-install");
  }

  /** A folder with a space that looks like a Java runtime. */
  private Path java(String version) throws IOException {
    Path home = folder.resolve("a java");
    Path binary = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(binary, "#!/bin/sh\nexit 1\n");
    assertThat(binary.toFile().setExecutable(true)).isTrue();
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private static Outcome launchWith(Path javaHome) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(SCRIPT.toString(), "--version");
    builder.environment().put("TRIBUTARY_JAVA_HOME", javaHome.toString());
    return run(builder.directory(new File("/")));
  }

  private static Outcome run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Outcome(process.exitValue(), text);
  }

  private static List<String> flagsOfScript(String array) {
    Matcher matcher =
        Pattern.compile(array + "=\\((.*?)\\)", Pattern.DOTALL).matcher(Repository.read(SCRIPT));
    assertThat(matcher.find()).isTrue();
    return words(matcher.group(1));
  }

  private static List<String> flagsOfBuild(String property) {
    Matcher matcher =
        Pattern.compile("<" + property + ">(.*?)</" + property + ">")
            .matcher(Repository.read(Repository.root().resolve("pom.xml")));
    assertThat(matcher.find()).isTrue();
    return words(matcher.group(1));
  }

  private static List<String> words(String text) {
    return new ArrayList<>(Arrays.asList(text.strip().split("\\s+", -1)));
  }

  private record Outcome(int exit, String text) {}
}
