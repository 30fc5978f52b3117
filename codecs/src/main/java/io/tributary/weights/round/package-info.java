/**
 * Which value of a grid a weight becomes: grids fitted to groups of weights, and the ways to round
 * to them, alone or with regard to the weights that follow in a row.
 *
 * <p>Rows never see each other here, so any number of threads may share a matrix's rows.
 *
 * <p>Belongs here: fitting and rounding in memory, and the linear algebra that it needs. Does not
 * belong here: bytes, files, and which tensor gets which method.
 */
@NullMarked
package io.tributary.weights.round;

import org.jspecify.annotations.NullMarked;
