package io.tributary.weights.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.kherud.llama.LlamaModel;
import io.tributary.file.ModelFolder;
import io.tributary.weights.judge.JudgedModel;
import io.tributary.weights.model.InputObserver;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/**
 * GGUF files of real models, written here and run by llama.cpp: it reads the same tokens from a
 * text and goes on with the same ones.
 */
class LlamaCppTest {
  private static final long SECONDS = 120;

  @TempDir Path folder;

  private record Continuation(List<Integer> prompt, List<String> pieces) {}

  @ParameterizedTest(name = "{0} by {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "stories260K/stories260K.bin | plain | Once upon a time",
        "stories260K/stories260K.bin | plain,type=f16 | Once upon a time",
        "stories260K/stories260K.bin | q8_0 | Once upon a time",
        "stories260K/stories260K.bin | q4_0 | Once upon a time",
        "lm16m | plain,type=f32 | My fellow citizens, the state of the Union",
        "lm16m | plain | My fellow citizens, the state of the Union",
        "lm16m | q8_0 | My fellow citizens, the state of the Union",
        "lm16m | q4_0 | My fellow citizens, the state of the Union"
      })
  void goesOnAsOurs(String name, String recipe, String prompt) throws Exception {
    Path model = ModelFolder.require(name);
    Path gguf = folder.resolve("model.gguf");
    compress(model, recipe, gguf);
    try (var files = Files.list(folder)) {
      assertThat(files).as("the vocabulary is inside, and nothing else left").containsExactly(gguf);
    }
    JudgedModel ours = JudgedModel.open(gguf, null);
    int count = name.equals("lm16m") ? 16 : 10;
    Continuation expected = continued(ours, prompt, count);
    Continuation found = llamaCpp(gguf, prompt, count);
    assertThat(found).isEqualTo(expected);
    if (recipe.startsWith("plain")) {
      assertThat(String.join("", found.pieces()))
          .isEqualTo(
              name.equals("lm16m")
                  ? " is not yet fully considered.\n\nKING RICHARD III:\nNay"
                  : ", there was a little girl named Lily");
    }
  }

  /** What a text in other letters and without sense becomes. */
  @ParameterizedTest
  @CsvSource({"stories260K/stories260K.bin", "lm16m"})
  void readsTheSameTokens(String name) throws Exception {
    Path gguf = folder.resolve("model.gguf");
    compress(ModelFolder.require(name), "plain", gguf);
    String text =
        "It's  12 o'clock\n\n  Zürich, \u4e16\u754c! x=\"\u00a0\"\ttab 3.14 \ud83d\ude00 end ";
    Continuation expected = continued(JudgedModel.open(gguf, null), text, 0);
    assertThat(llamaCpp(gguf, text, 1).prompt()).isEqualTo(expected.prompt());
  }

  private static void compress(Path model, String recipe, Path gguf) {
    var out = new StringWriter();
    int code =
        new CommandLine(new CompressCommand())
            .setOut(new PrintWriter(out))
            .execute(model.toString(), "--recipe", recipe, "-o", gguf.toString());
    assertThat(code).as(out.toString()).isZero();
  }

  /** The most probable tokens one after the other, each as what it adds to the text. */
  private static Continuation continued(JudgedModel judged, String prompt, int count) {
    int[] read = judged.tokenizer().encode(prompt);
    int[] all =
        IntStream.concat(judged.tokenizer().beginning().stream(), Arrays.stream(read)).toArray();
    var pieces = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      int next = mostProbable(judged, all);
      int before = judged.tokenizer().decode(all).length();
      all = Arrays.copyOf(all, all.length + 1);
      all[all.length - 1] = next;
      pieces.add(judged.tokenizer().decode(all).substring(before));
    }
    return new Continuation(Arrays.stream(read).boxed().toList(), pieces);
  }

  private static int mostProbable(JudgedModel judged, int[] tokens) {
    int[] best = {0};
    judged
        .model()
        .run(
            tokens,
            InputObserver.NONE,
            (position, logits, at) -> {
              best[0] = 0;
              for (int i = 1; i < judged.model().vocabulary(); i++) {
                best[0] = logits[at + i] > logits[at + best[0]] ? i : best[0];
              }
            });
    return best[0];
  }

  private Continuation llamaCpp(Path gguf, String prompt, int count)
      throws IOException, InterruptedException, URISyntaxException {
    Path out = folder.resolve("out");
    Path error = folder.resolve("error");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dfile.encoding=UTF-8",
                "-Dsun.jnu.encoding=UTF-8",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                where(LlamaCppProgram.class) + File.pathSeparator + where(LlamaModel.class),
                LlamaCppProgram.class.getName(),
                gguf.toString(),
                prompt,
                String.valueOf(count))
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(error.toFile())
            .start();
    try {
      assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as("llama.cpp ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    String told = Files.readString(out);
    String complaint = Files.readString(error);
    boolean works =
        process.exitValue() != LlamaCppProgram.ABSENT && !(told + complaint).contains("SIGILL");
    assumeTrue(works, "llama.cpp can't be loaded on this machine: " + complaint.strip());
    assertThat(process.exitValue()).as(told + complaint).isZero();
    List<Integer> tokens =
        told.lines()
            .filter(line -> line.startsWith(LlamaCppProgram.PROMPT))
            .map(line -> Integer.valueOf(line.substring(LlamaCppProgram.PROMPT.length())))
            .toList();
    // The last one says that all is said.
    List<String> pieces =
        told.lines()
            .filter(line -> line.startsWith(LlamaCppProgram.PIECE))
            .map(line -> HexFormat.of().parseHex(line.substring(LlamaCppProgram.PIECE.length())))
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
            .toList();
    return new Continuation(tokens, pieces.subList(0, Math.min(count, pieces.size())));
  }

  private static Path where(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
