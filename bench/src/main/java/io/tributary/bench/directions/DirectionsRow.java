package io.tributary.bench.directions;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What one codec made of one set of activations.
 *
 * @param activations the set
 * @param codec the text that opens it
 * @param budgetBits bits a value that the codec was given
 * @param seed the seed
 * @param bytes of all messages
 * @param bits a value, everything counted
 * @param relativeError root of the mean squared error, beside that of the values
 * @param bitsAtEqualError bits a value at the error of {@code directions:0} with the same budget:
 *     those taken by {@code directions}, whose error isn't larger; of other codecs an estimate, a
 *     bit for each halving of the error
 * @param saved share of the bytes of {@code directions:0} at its error that are saved
 */
public record DirectionsRow(
    String activations,
    String codec,
    @JsonProperty("budget_bits") double budgetBits,
    long seed,
    long bytes,
    double bits,
    @JsonProperty("relative_error") double relativeError,
    @JsonProperty("bits_at_equal_error") double bitsAtEqualError,
    double saved) {}
