/**
 * Whole models through recipes: which tensor gets which recipe, the stream from file to file, and
 * what it cost and lost.
 *
 * <p>Belongs here: policies, the compressor, the kernels of its sums, comparisons of two files.
 * Does not belong here: the recipes, the formats of files, command lines.
 */
@NullMarked
package io.tributary.weights.compress;

import org.jspecify.annotations.NullMarked;
