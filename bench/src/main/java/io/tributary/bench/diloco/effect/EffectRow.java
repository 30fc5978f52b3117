package io.tributary.bench.diloco.effect;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What one method with one seed came to.
 *
 * @param method the method
 * @param codec codec policy, both ways; what data parallelism is counted with
 * @param h inner steps between two exchanges of a fragment, the last where they grow; 0 for none at
 *     all
 * @param fragments how many parts the model is exchanged in
 * @param seed the seed
 * @param heldOutLoss of the outer parameters at the end, nats a byte
 * @param bytesUp what all agents wrote to their sockets; for data parallelism computed, 16 bits a
 *     gradient
 * @param bytesDown what all agents read from their sockets
 * @param bitsPerParameterExchange bits that crossed an agent's link for each parameter and
 *     exchange, mean of both directions, everything counted
 * @param reductionVsDp how many times fewer bytes than data parallelism, both directions counted
 * @param peakMbit megabits of encoded contributions that one agent sent after its busiest inner
 *     step, the last step's exchange of everything aside
 */
public record EffectRow(
    String method,
    String codec,
    int h,
    int fragments,
    long seed,
    @JsonProperty("heldout_loss") double heldOutLoss,
    @JsonProperty("bytes_up") long bytesUp,
    @JsonProperty("bytes_down") long bytesDown,
    @JsonProperty("bits_per_parameter_exchange") double bitsPerParameterExchange,
    @JsonProperty("reduction_vs_dp") double reductionVsDp,
    @JsonProperty("peak_mbit") double peakMbit) {

  /** Both directions. */
  long bytes() {
    return bytesUp + bytesDown;
  }

  /** Method, codec and interval: what is compared over seeds. */
  String label() {
    return method + (codec.isEmpty() ? "" : " " + codec) + (h > 1 ? " H=" + h : "");
  }

  /** Whether a row is of this method and seed. */
  boolean isOf(StudyMethod other, long otherSeed) {
    return method.equals(other.name())
        && codec.equals(other.codec())
        && h == other.interval().last()
        && seed == otherSeed;
  }
}
