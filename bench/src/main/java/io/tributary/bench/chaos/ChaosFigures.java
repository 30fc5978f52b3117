package io.tributary.bench.chaos;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a run.
 *
 * @param seed of the run and of its faults
 * @param minutes from the moment when all took part to the end of the faults, or of the run if it
 *     was over before
 * @param agents how many
 * @param faults how many of each kind
 * @param rounds versions made
 * @param bitEqual whether the outer parameters at the end are those of the undisturbed run
 * @param contributionsLost contributions that were whole at the coordinator and aren't in the
 *     version that they were made for
 * @param exclusions contributions that a version was made without
 * @param recoveryMillisMedian from the start of a killed process's successor to its agents' or its
 *     own re-admission, the median
 * @param recoveryMillisMost the longest
 * @param throughputKept versions a second among faults, by those before the first fault
 * @param leakedBuffers what Netty's leak detection found in all processes
 * @param endedByThemselves processes that gave up though nobody killed them, with their last words
 * @param rows the faults in order
 */
record ChaosFigures(
    long seed,
    double minutes,
    int agents,
    Map<String, Integer> faults,
    int rounds,
    @JsonProperty("bit_equal") boolean bitEqual,
    @JsonProperty("contributions_lost") int contributionsLost,
    List<Exclusion> exclusions,
    @JsonProperty("recovery_ms_p50") long recoveryMillisMedian,
    @JsonProperty("recovery_ms_max") long recoveryMillisMost,
    @JsonProperty("throughput_kept") double throughputKept,
    @JsonProperty("leaked_buffers") int leakedBuffers,
    @JsonProperty("ended_by_themselves") List<String> endedByThemselves,
    List<Row> rows) {
  /**
   * A contribution that a version was made without.
   *
   * @param agent whose
   * @param fragment of which fragment
   * @param round of which version
   * @param reason why
   */
  record Exclusion(String agent, int fragment, int round, String reason) {}

  /**
   * A fault.
   *
   * @param seconds since all agents had joined
   * @param fault its kind
   * @param victim an agent's name, or {@code coordinator}
   * @param recoveryMillis of a killed process, null for others
   */
  record Row(
      double seconds,
      FaultKind fault,
      String victim,
      @JsonProperty("recovery_ms") @Nullable Long recoveryMillis) {}
}
