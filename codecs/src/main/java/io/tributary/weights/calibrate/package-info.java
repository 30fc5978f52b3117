/**
 * What the matrices of a model are multiplied with: Hessians of their squared output errors, and
 * the magnitude of each channel, gathered while a text passes through the model.
 *
 * <p>A Hessian is the mean of {@code x xᵀ} over all inputs x of a matrix, in float64 and without
 * damping. Matrices with the same inputs share one. Each entry is a chain of additions in the order
 * of the text, whose products are exact, so that it depends neither on the vectors' width nor on
 * the number of threads.
 *
 * <p>Belongs here: gathering, and what was gathered. Does not belong here: what a recipe makes of
 * it.
 */
@NullMarked
package io.tributary.weights.calibrate;

import org.jspecify.annotations.NullMarked;
