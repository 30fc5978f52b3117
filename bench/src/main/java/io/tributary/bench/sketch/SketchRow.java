package io.tributary.bench.sketch;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * One line of the table.
 *
 * @param instance the kind of matrix, or the tensor's name
 * @param d values in a row
 * @param n rows
 * @param r the nominal gap; of a real matrix the exact one
 * @param gap the exact ratio of the two largest eigenvalues
 * @param method the sketch
 * @param seed of the matrix, its order and the sketch
 * @param bitsUsed most bits that the sketch's arrays had at once, working space included
 * @param formulaBits the bits that the method's own formula says
 * @param cos2 the squared cosine between answer and top eigenvector; 0 where the sketch failed
 * @param updatesGbps rows that the sketch took, in 10^9 bytes of float32 a second, one thread
 * @param drift how far the sketch found the rows from random order, in standard deviations
 * @param verdict what the sketch says of its answer
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record SketchRow(
    String instance,
    int d,
    long n,
    double r,
    double gap,
    String method,
    long seed,
    long bitsUsed,
    long formulaBits,
    double cos2,
    double updatesGbps,
    double drift,
    String verdict) {}
