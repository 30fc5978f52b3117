package io.tributary.bench.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a demo of split learning.
 *
 * @param clients that trained at once, with one server
 * @param steps of each
 * @param link the speed of every link, each way
 * @param seed the seed
 * @param labelsStay whether the clients had the model's output, and the server no windows
 * @param heldoutWindows on which each client measured
 * @param parametersBelow of each client's parts, together
 * @param parametersAbove of the server's part
 * @param rows one for each codec, in the order in which they ran
 * @param wallSeconds everything
 */
record SplitDemoFigures(
    int clients,
    int steps,
    String link,
    long seed,
    boolean labelsStay,
    int heldoutWindows,
    long parametersBelow,
    long parametersAbove,
    List<Row> rows,
    double wallSeconds) {
  /**
   * A whole run with one codec.
   *
   * @param method for people
   * @param codec the text that opens it
   * @param budgetBits a value, as set
   * @param bitsAtEnd a value, codes alone, mean of all clients' channels
   * @param channels for each number of bits from 0 on how many channels have it at the end, first
   *     client
   * @param heldoutLoss nats a token through the cut, mean of all clients
   * @param accuracy share of tokens, mean of all clients
   * @param bytesUp at all clients' sockets, measurements included
   * @param bytesDown the same
   * @param trainSeconds of the slowest client
   * @param timesAbsent how often the server went on without a client
   * @param absences the last of these of each client
   */
  record Row(
      String method,
      String codec,
      double budgetBits,
      double bitsAtEnd,
      List<Integer> channels,
      double heldoutLoss,
      double accuracy,
      long bytesUp,
      long bytesDown,
      double trainSeconds,
      int timesAbsent,
      List<Absence> absences) {
    long bytes() {
      return bytesUp + bytesDown;
    }
  }

  /**
   * The server went on without a client.
   *
   * @param client its name
   * @param step its last that counted
   * @param reason what was waited for and how long, with numbers
   * @param back the first step that the client made afterwards, null before it
   */
  record Absence(String client, int step, String reason, @Nullable Integer back) {
    Absence backWith(int first) {
      return new Absence(client, step, reason, first);
    }
  }
}
