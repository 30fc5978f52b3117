package io.tributary.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.command.TributaryMain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user gets who types something wrong: one line that helps, exit code 2, nothing begun. */
@ResourceLock(Resources.SYSTEM_ERR)
class BadInputTest {
  private static final int BAD_INPUT = 2;

  @TempDir private static Path folder;
  @TempDir private Path data;

  @BeforeAll
  static void someTexts() throws IOException {
    Files.writeString(folder.resolve("empty.txt"), "");
    Files.writeString(folder.resolve("short.txt"), "too short to be dealt ".repeat(20));
    Files.write(folder.resolve("binary"), new byte[] {'a', 'b', 0, 'c'});
    Files.createDirectory(folder.resolve("nothing"));
  }

  private static Arguments demo(String expected, String... options) {
    return Arguments.of(expected, List.of(options));
  }

  static Stream<Arguments> demos() {
    return Stream.of(
        demo("--agents: expected at least 1, found 0", "--agents", "0"),
        demo("--agents: expected at most", "--agents", "1000000"),
        demo("Invalid value for option '--agents'", "--agents", "four"),
        demo("unknown codec 'zip'; known here: raw32", "--codec", "zip"),
        demo("int8block: expected a block size of", "--codec", "int8block:17"),
        demo("link: expected a speed from 8kbit", "--link", "0"),
        demo("link: expected a speed from 8kbit", "--link", "fast"),
        demo("h: expected at least the number of fragments with the base, 5", "--h", "2"),
        demo("h: expected steps such as 30, or 5..30", "--h", "often"),
        demo("h: expected a number, or two of which the first is not larger", "--h", "30..5"),
        demo("h: expected at least the number of fragments", "--h", "4..30"),
        demo("unknown codec 'zip'", "--codec", "auto:int8block/zip"),
        demo("codec: expected auto[:CODEC/CODEC/...][@ERROR]", "--codec", "auto@2"),
        demo("steps: expected at least h, 30", "--steps", "7"),
        demo("--fragments: expected 1 to the model's number of layers", "--fragments", "0"),
        demo("--fragments: expected 1 to the model's number of layers", "--fragments", "5"),
        demo("learning rate: expected a number above 0", "--lr", "NaN"),
        demo("a file that can be written", "--json", "/no/such/folder/figures.json"),
        demo("Unknown option: '--bytes'", "--bytes"),
        demo("found nothing", "--text", "/no/such/text"),
        demo("found an empty file", "--text", "empty.txt"),
        demo("found a zero byte at offset 2", "--text", "binary"),
        demo("at least 129 in each part", "--text", "short.txt"),
        demo("found no file with text in it", "--text", "nothing"));
  }

  @ParameterizedTest
  @MethodSource("demos")
  void aDemoRefuses(String expected, List<String> options) {
    var line = new ArrayList<>(List.of("demo", "--no-page", "--data", data.toString()));
    for (String option : options) {
      Path text = folder.resolve(option);
      line.add(Files.exists(text) ? text.toString() : option);
    }
    assertThat(errors(line)).contains(expected);
    assertThat(data).as("nothing begun").isEmptyDirectory();
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = "" + taken.getLocalPort();
      List<String> coordinator =
          List.of("coordinator", "--agents", "1", "--steps", "60", "--data", data.toString());
      var line = new ArrayList<>(coordinator);
      line.addAll(List.of("--port", port));
      assertThat(errors(line)).contains(port).contains("in use");
      assertThat(errors(List.of("demo", "--port", port)))
          .contains(port + ", which another process listens on");
    }
    assertThat(errors(List.of("demo", "--port", "70000"))).contains("0 to 65535, found 70000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ping", "relay", "gpu", "codecs", "diloco --study table4"})
  void aBenchRefusesFiguresThatItCouldNotWrite(String bench) {
    var line = new ArrayList<>(List.of("bench"));
    line.addAll(List.of(bench.split(" ")));
    line.addAll(List.of("--json", "/no/such/folder/figures.json"));
    assertThat(errors(line)).contains("--json: expected a file that can be written");
  }

  private static Arguments server(String expected, String... options) {
    return Arguments.of(expected, List.of(options));
  }

  static Stream<Arguments> servers() {
    return Stream.of(
        server("layers below the cut: expected 1 or more, and fewer than", "--cut", "4"),
        server("layers below the cut", "--cut", "0"),
        server("unknown codec 'zip'", "--codec", "zip"),
        server("bits a value: expected above 0", "--bits", "0"),
        server("bits a value at the start: expected 3", "--start-bits", "2"),
        server("clients of a server: expected 1 to 64, found 0", "--clients", "0"),
        server("micro-batches of a step: expected 1 to 64, found 99", "--micro-batches", "99"),
        server("--coordinator: expected HOST:PORT", "--coordinator", "nowhere"),
        server("training engine: expected one of djl", "--engine", "steam"));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void aServerOfACutModelRefuses(String expected, List<String> options) {
    var line = new ArrayList<>(List.of("split", "server", "--name", "top", "--steps", "5"));
    line.addAll(options);
    assertThat(errors(line)).contains(expected);
  }

  private static Arguments study(String expected, String... options) {
    return Arguments.of(expected, List.of(options));
  }

  static Stream<Arguments> studies() {
    return Stream.of(
        study("--model: expected gpt, minilm or bert, found bart", "--model", "bart"),
        study("expected --train FILE and --eval FILE, found no --train", "--model", "minilm"),
        study("found no --eval", "--model", "minilm", "--train", "ab.csv"),
        study("expected --model minilm or bert, found gpt", "--train", "ab.csv"),
        study(
            "--text: expected --model gpt, found minilm",
            "--model",
            "minilm",
            "--text",
            "short.txt",
            "--train",
            "ab.csv",
            "--eval",
            "ab.csv"),
        study("found nothing", "--model", "minilm", "--train", "/no/such", "--eval", "ab.csv"),
        study(
            "short.txt, line 1: expected 2 columns, text and label, found 1",
            "--model",
            "minilm",
            "--train",
            "ab.csv",
            "--eval",
            "short.txt"),
        study(
            "ac.csv, line 3: expected a label of",
            "--model",
            "minilm",
            "--train",
            "ab.csv",
            "--eval",
            "ac.csv"));
  }

  @ParameterizedTest
  @MethodSource("studies")
  void aStudyOfCutsRefuses(String expected, List<String> options) throws IOException {
    Files.writeString(folder.resolve("ab.csv"), "text,label\nx,a\ny,b\n");
    Files.writeString(folder.resolve("ac.csv"), "text,label\nx,a\ny,c\n");
    var line = new ArrayList<>(List.of("bench", "amaq", "--weights", "/no/such.jar"));
    for (String option : options) {
      Path file = folder.resolve(option);
      line.add(Files.exists(file) ? file.toString() : option);
    }
    assertThat(errors(line)).contains(expected);
  }

  @Test
  void aClientOfACutModelRefusesATextThatIsNone() {
    List<String> line = List.of("split", "client", "--name", "edge", "--text", "/no/such/text");
    assertThat(errors(line)).contains("found nothing");
  }

  @Test
  void anOpenDoorMustBeMeant() {
    List<String> coordinator =
        List.of("coordinator", "--agents", "1", "--steps", "60", "--data", data.toString());
    var line = new ArrayList<>(coordinator);
    line.addAll(List.of("--host", "0.0.0.0"));
    assertThat(errors(line)).contains("--host: expected --keys").contains("--insecure");
    assertThat(errors(List.of("agent", "--name", "a", "--coordinator", "192.0.2.1:7077")))
        .contains("--coordinator: expected --keys");
  }

  @Test
  void aCommandThatIsNoneIsRefused() {
    assertThat(errors(List.of("dmo"))).contains("dmo").contains("--help");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "demo split",
        "bench",
        "bench ping",
        "bench relay",
        "bench gpu",
        "coordinator",
        "agent",
        "relay",
        "split",
        "split server",
        "split client",
        "keys",
        "keys init",
        "keys agent",
        "keys revoke"
      })
  void everyCommandExplainsItself(String command) {
    var line = new ArrayList<>(List.of(command.split(" ")));
    line.add("--help");
    assertThat(TributaryMain.run(line.toArray(new String[0]))).isZero();
  }

  /** Runs a command that must fail, and returns what it says of that. */
  private static String errors(List<String> line) {
    PrintStream before = System.err;
    var said = new ByteArrayOutputStream();
    try (var err = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      System.setErr(err);
      assertThat(TributaryMain.run(line.toArray(new String[0])))
          .as("exit code; it said: %s", said)
          .isEqualTo(BAD_INPUT);
    } finally {
      System.setErr(before);
    }
    String text = said.toString(StandardCharsets.UTF_8);
    List<String> errors = text.lines().filter(l -> l.startsWith("error [")).toList();
    assertThat(errors).as("lines of error in: %s", text).hasSize(1);
    return text;
  }
}
