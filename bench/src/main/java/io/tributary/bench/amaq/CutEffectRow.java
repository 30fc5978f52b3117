package io.tributary.bench.amaq;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What one method with one budget and one seed came to.
 *
 * @param model what was trained
 * @param method the method
 * @param codec the text that opened it
 * @param budgetBits bits a value that codes may take in the mean of the run; with an entropy coder
 *     everything together
 * @param meanBits bits a value that crossed the cut, both directions and everything counted
 * @param goalBits what the mean of the channels' bits was to be at the end
 * @param finalBits the mean of the channels' bits at the end
 * @param seed the seed
 * @param bytesTotal all bytes of both directions
 * @param tableBytes side messages among them
 * @param heldOutLoss nats a byte or sentence at the end, with the cut quantized
 * @param accuracy share of held-out bytes or sentences whose answer was thought the most likely
 * @param targets how many answers were judged
 * @param rightByBatch so many right answers in each held-out batch, to pair with another method's
 * @param diverged whether the loss was not finite or above that of a guess
 */
public record CutEffectRow(
    String model,
    String method,
    String codec,
    @JsonProperty("budget_bits") double budgetBits,
    @JsonProperty("mean_bits") double meanBits,
    @JsonProperty("goal_bits") double goalBits,
    @JsonProperty("final_bits") double finalBits,
    long seed,
    @JsonProperty("bytes_total") long bytesTotal,
    @JsonProperty("table_bytes") long tableBytes,
    @JsonProperty("heldout_loss") double heldOutLoss,
    double accuracy,
    @JsonProperty("heldout_targets") long targets,
    @JsonProperty("right_by_batch") List<Integer> rightByBatch,
    boolean diverged) {
  /** Copies the list. */
  public CutEffectRow {
    rightByBatch = List.copyOf(rightByBatch);
  }

  /** Method and budget: what is compared over seeds. */
  String label() {
    return method + (budgetBits < 32 ? " " + budgetBits : "");
  }

  /** Whether a row is of this method and seed. */
  boolean isOf(CutMethod other, long otherSeed) {
    return method.equals(other.name())
        && codec.equals(other.codec())
        && budgetBits == other.budget()
        && seed == otherSeed;
  }
}
