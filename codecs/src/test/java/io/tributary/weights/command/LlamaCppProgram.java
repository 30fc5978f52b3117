package io.tributary.weights.command;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.CacheType;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A process of its own in which llama.cpp continues a text, so that a failure of native code isn't
 * one of the tests' process. Arguments: a GGUF file, the text, a number of tokens.
 */
final class LlamaCppProgram {
  /** Says that there is no native code for this machine. */
  static final int ABSENT = 3;

  /** Before each token of the text, and before the text of each that follows, in hexadecimal. */
  static final String PROMPT = "prompt ";

  static final String PIECE = "piece ";

  private LlamaCppProgram() {}

  public static void main(String[] arguments) {
    // Keys and values in float32 and one thread: as near to the plain arithmetic as it can be told.
    var parameters =
        new ModelParameters()
            .setModel(arguments[0])
            .setThreads(1)
            .setThreadsBatch(1)
            .setCacheTypeK(CacheType.F32)
            .setCacheTypeV(CacheType.F32)
            .setParallel(1)
            .skipWarmup()
            .disableLog();
    try (var model = new LlamaModel(parameters)) {
      for (int token : model.encode(arguments[1])) {
        System.out.println(PROMPT + token);
      }
      var greedy =
          new InferenceParameters(arguments[1])
              .setTemperature(0)
              .setNPredict(Integer.parseInt(arguments[2]));
      for (LlamaOutput output : model.generate(greedy)) {
        byte[] text = output.text.getBytes(StandardCharsets.UTF_8);
        System.out.println(PIECE + HexFormat.of().formatHex(text));
      }
    } catch (LinkageError e) {
      System.err.println(e);
      Runtime.getRuntime().halt(ABSENT);
    }
    // Its native threads outlive the model and would hold the process.
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }
}
