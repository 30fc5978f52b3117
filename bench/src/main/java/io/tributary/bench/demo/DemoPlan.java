package io.tributary.bench.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
 * @param training options of the model and the optimizer, as the commands take them
 * @param outer options of the outer step, as the coordinator takes them
 * @param baseline whether data parallelism runs too
 * @param pagePort the live page's port, 0 for any, or null for no page
 * @param folder where the processes keep their data and logs
 */
record DemoPlan(
    int agents,
    int steps,
    int interval,
    int fragments,
    String link,
    String codec,
    long seed,
    @Nullable Path text,
    List<String> training,
    List<String> outer,
    boolean baseline,
    @Nullable Integer pagePort,
    Path folder) {

  /** The coordinator's command line. */
  List<String> coordinatorCommand() {
    List<String> line =
        new ArrayList<>(List.of("coordinator", "--port", "0", "--events", "--agents", "" + agents));
    line.addAll(
        List.of("--steps", "" + steps, "--h", "" + interval, "--fragments", "" + fragments));
    line.addAll(List.of("--codec", codec, "--seed", "" + seed, "--link", link));
    line.addAll(List.of("--data", folder.resolve("coordinator").toString()));
    if (pagePort != null) {
      line.addAll(List.of("--http-port", "" + pagePort));
    }
    line.addAll(outer);
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

  /** The command line that trains on the given shares without exchange. */
  List<String> trainCommand(String shares, String prompt) {
    List<String> line =
        new ArrayList<>(List.of("train", "--events", "--agents", "" + agents, "--shares", shares));
    line.addAll(List.of("--steps", "" + steps, "--seed", "" + seed, "--prompt", prompt));
    return withTraining(line);
  }

  private List<String> withTraining(List<String> line) {
    line.addAll(training);
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
