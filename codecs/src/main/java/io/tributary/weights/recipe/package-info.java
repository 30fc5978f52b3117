/**
 * Named ways to make a matrix small, each a choice of transform, allocation, rounding and layout.
 *
 * <p>A recipe is written {@code NAME:BITS,OPTION=VALUE}; {@link
 * io.tributary.weights.recipe.Recipes} reads that, and {@code docs/model-format.md} lists all of
 * them. What a recipe makes describes itself, so that a new recipe over known layouts needs no new
 * decoder.
 *
 * <p>Belongs here: the compositions, a few lines each. Does not belong here: their parts, and which
 * tensor gets which recipe.
 */
@NullMarked
package io.tributary.weights.recipe;

import org.jspecify.annotations.NullMarked;
