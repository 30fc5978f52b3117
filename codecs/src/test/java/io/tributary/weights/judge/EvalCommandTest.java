package io.tributary.weights.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.error.TributaryException;
import io.tributary.weights.model.SmallLlama;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvalCommandTest {
  @TempDir Path folder;

  private Path model;
  private Path text;

  @BeforeEach
  void writeModelAndText() throws IOException {
    model = SmallLlama.write(folder, 7);
    text = Files.writeString(folder.resolve("text"), "one line\n\nand another, which is longer\n");
  }

  private static String run(String... arguments) {
    var out = new StringWriter();
    var line = new CommandLine(new EvalCommand());
    line.setOut(new PrintWriter(out));
    assertThat(line.execute(arguments)).isZero();
    return out.toString();
  }

  @Test
  void tellsFiguresAndWritesThem() throws IOException {
    Path json = folder.resolve("figures.json");
    String told =
        run(
            model.toString(),
            "--text",
            text.toString(),
            "--json",
            json.toString(),
            "--threads",
            "2");
    // 9 tokens of the first line, the space in front included, and 15 of the second, cut at 16.
    assertThat(told).startsWith("nll ").contains("over 24 tokens in 2 windows");
    JsonNode row = new JsonMapper().readTree(json.toFile()).path("rows").path(0);
    assertThat(row.path("tokens").asLong()).isEqualTo(24);
    assertThat(row.path("perplexity").asDouble())
        .isEqualTo(StrictMath.exp(row.path("nll").asDouble()));
    assertThat(new JsonMapper().readTree(json.toFile()).path("run").has("commit")).isTrue();
  }

  private void refused(String message, String... arguments) {
    var line = new CommandLine(new EvalCommand());
    line.parseArgs(arguments);
    EvalCommand command = line.getCommand();
    assertThatThrownBy(command::call)
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining(message);
  }

  @Test
  void badInputIsOneClearError() throws IOException {
    String name = model.toString();
    String words = text.toString();
    refused("none below 0", name, "--text", words, "--windows", "-1");
    refused("2 to the model's context 16, found 17", name, "--text", words, "--context", "17");
    refused("can't read", name, "--text", folder.resolve("absent").toString());
    refused("can't read", folder.resolve("absent").toString(), "--text", words);
    refused("expected a file of weights", words, "--text", words);
    Path empty = Files.writeString(folder.resolve("empty"), "");
    refused("expected two tokens or more, found 0 characters", name, "--text", empty.toString());
    Path noText = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xFF, (byte) 0xFE});
    refused("expected text in UTF-8", name, "--text", noText.toString());
    Path large = Files.write(folder.resolve("tok999.bin"), new byte[3]);
    refused("expected the model's vocabulary", name, "--text", words);
    refused(
        "the length of the longest piece", name, "--text", words, "--tokenizer", large.toString());
    Path json = Files.writeString(folder.resolve("tokenizer.json"), "{}", StandardCharsets.UTF_8);
    refused("pre_tokenizer.type: expected ByteLevel", name, "--text", words);
    Files.delete(json);
  }
}
