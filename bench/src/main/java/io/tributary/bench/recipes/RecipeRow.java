package io.tributary.bench.recipes;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * How fast a recipe was. Speeds count the model's float32 bytes, in GB of 10^9.
 *
 * @param recipe as it was applied
 * @param compressGbS from the file of weights to the finished file, which is forced to the device
 * @param decompressGbS from there to a file of float32, forced as well
 * @param diskCompressGbS the same if only the device took time: the weights read from it, the
 *     compressed bytes written
 * @param diskDecompressGbS the same for the way back
 * @param compressSeconds of compressing
 * @param decompressSeconds of decompressing
 * @param bitsPerWeight all side information included
 * @param weightError the squared error over the squared weights
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record RecipeRow(
    String recipe,
    double compressGbS,
    double decompressGbS,
    double diskCompressGbS,
    double diskDecompressGbS,
    double compressSeconds,
    double decompressSeconds,
    double bitsPerWeight,
    double weightError) {}
