package io.tributary.bench.demo;

import io.tributary.agent.text.Corpus;
import io.tributary.agent.trainer.GptShape;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.error.Errors;
import io.tributary.run.ExchangeInterval;
import io.tributary.run.FragmentMap;
import io.tributary.run.SyncSchedule;
import io.tributary.tensor.ModelSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a demo does.
 *
 * @param agents number of agents
 * @param steps inner steps of each
 * @param interval H
 * @param fragments P
 * @param link the speed of each agent's link, as the commands take it
 * @param codec codec policy, both directions
 * @param seed the seed
 * @param text the text, or null for the one that comes with the build
 * @param learningRate inner learning rate of all methods
 * @param baseline whether data parallelism runs too
 * @param pagePort the live page's port, 0 for any, or null for no page
 * @param folder where the processes keep their data and logs
 */
record DemoPlan(
    int agents,
    int steps,
    ExchangeInterval interval,
    int fragments,
    String link,
    String codec,
    long seed,
    @Nullable Path text,
    double learningRate,
    boolean baseline,
    @Nullable Integer pagePort,
    Path folder) {

  /** The layers of the model that the demo trains. */
  private static final int LAYERS = 4;

  /** The bytes of text that it sees. */
  private static final int CONTEXT = 128;

  private static final int HEADS = 4;
  private static final int WIDTH = 128;

  /** The steps that an exchange may take if H leaves so many. */
  private static final int TAU = 2;

  /**
   * Checks here what the processes would find out one by one, a while after their start.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING}, or {@code UNKNOWN_CODEC}
   *     with the list of those that are known
   */
  void check() {
    if (fragments < 1 || fragments > LAYERS) {
      throw Errors.invalidSetting(
          "--fragments", fragments, "1 to the model's number of layers, " + LAYERS);
    }
    var unused = new SyncSchedule(exchanged(), steps, interval, delay());
    CodecPolicy.parse(codec, CodecRegistry.load());
    LearningRate.constant(learningRate, 0);
    if (text != null) {
      Corpus corpus = Corpus.read(text, agents);
      corpus.heldOut(CONTEXT, 1);
      for (int agent = 0; agent < agents; agent++) {
        corpus.sampler(agent, seed, CONTEXT, 1);
      }
    }
  }

  /** The number of fragments with those of the base. */
  private int exchanged() {
    ModelSchema schema = new GptShape(LAYERS, HEADS, WIDTH, CONTEXT).schema();
    return FragmentMap.strided(schema, fragments).size();
  }

  /** The steps that an exchange may take: one fragment at a time is to be under way. */
  private int delay() {
    return Math.max(0, Math.min(TAU, (interval.first() - 1) / exchanged()));
  }

  /** The coordinator's command line. */
  List<String> coordinatorCommand() {
    List<String> line =
        new ArrayList<>(List.of("coordinator", "--port", "0", "--events", "--agents", "" + agents));
    line.addAll(List.of("--steps", "" + steps, "--h", "" + interval, "--tau", "" + delay()));
    line.addAll(List.of("--fragments", "" + fragments));
    line.addAll(List.of("--codec", codec, "--seed", "" + seed, "--link", link));
    line.addAll(List.of("--data", folder.resolve("coordinator").toString()));
    if (pagePort != null) {
      line.addAll(List.of("--http-port", "" + pagePort));
    }
    return line;
  }

  /** The command line of agent {@code index}. */
  List<String> agentCommand(int index, int port, String prompt) {
    List<String> line =
        new ArrayList<>(List.of("agent", "--coordinator", "127.0.0.1:" + port, "--events"));
    line.addAll(List.of("--name", agentName(index), "--link", link));
    line.addAll(List.of("--data", folder.resolve(agentName(index)).toString()));
    if (!prompt.isEmpty()) {
      line.addAll(List.of("--prompt", prompt));
    }
    return withTraining(line);
  }

  /** The command line that trains one replica on the given shares, without exchange. */
  List<String> trainCommand(List<Integer> shares, String prompt) {
    List<String> line = new ArrayList<>(List.of("train", "--events", "--agents", "" + agents));
    line.addAll(
        List.of("--shares", shares.stream().map(String::valueOf).collect(Collectors.joining(","))));
    line.addAll(List.of("--steps", "" + steps, "--seed", "" + seed, "--prompt", prompt));
    return withTraining(line);
  }

  private List<String> withTraining(List<String> line) {
    line.addAll(List.of("--lr", "" + learningRate, "--layers", "" + LAYERS));
    line.addAll(List.of("--heads", "" + HEADS, "--width", "" + WIDTH));
    line.addAll(List.of("--context", "" + CONTEXT));
    if (text != null) {
      line.addAll(List.of("--text", text.toString()));
    }
    return line;
  }

  /** The name of agent {@code index}. */
  static String agentName(int index) {
    return "agent-" + (index + 1);
  }
}
