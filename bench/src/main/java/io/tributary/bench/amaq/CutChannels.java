package io.tributary.bench.amaq;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How unequal the channels of activations are behind so many layers, before training.
 *
 * @param cut the layers
 * @param medianDeviation of the channels
 * @param largestDeviation of a channel
 * @param largestChannel which one that is
 * @param ratio the largest by the median
 * @param outliers channels that deviate more than three times as much as the median one
 * @param largestKurtosis of a channel; 3 for a normal distribution
 */
public record CutChannels(
    int cut,
    @JsonProperty("median_deviation") double medianDeviation,
    @JsonProperty("largest_deviation") double largestDeviation,
    @JsonProperty("largest_channel") int largestChannel,
    double ratio,
    int outliers,
    @JsonProperty("largest_kurtosis") double largestKurtosis) {}
