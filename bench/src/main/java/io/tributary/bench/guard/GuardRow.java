package io.tributary.bench.guard;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What one guard made of one attack with one seed.
 *
 * @param attack what the bad agents did
 * @param guard the coordinator's setting
 * @param seed the seed
 * @param heldOutLoss of the outer parameters at the end, nats a byte; 10^9 where the run ended
 *     because nothing finite was left
 * @param rounds versions made
 * @param honestExcludedRounds versions made without an honest agent
 * @param honestExclusions honest contributions left out
 * @param attackerExclusions bad contributions left out
 * @param attackerContributions bad contributions in all
 */
public record GuardRow(
    String attack,
    String guard,
    long seed,
    @JsonProperty("heldout_loss") double heldOutLoss,
    int rounds,
    @JsonProperty("honest_excluded_rounds") int honestExcludedRounds,
    @JsonProperty("honest_exclusions") int honestExclusions,
    @JsonProperty("attacker_exclusions") int attackerExclusions,
    @JsonProperty("attacker_contributions") int attackerContributions) {
  /** The loss of a run that could not go on. */
  static final double ENDED = 1e9;

  /** Whether a row is of this attack, guard and seed. */
  boolean isOf(Attack otherAttack, String otherGuard, long otherSeed) {
    return attack.equals(otherAttack.name()) && guard.equals(otherGuard) && seed == otherSeed;
  }
}
