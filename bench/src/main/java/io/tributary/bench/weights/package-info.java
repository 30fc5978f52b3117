/**
 * {@code tributary bench weights}: what recipes for weights cost a model's predictions, and how
 * many bits they take.
 *
 * <p>Each recipe compresses the model into a file, which is opened again and judged on windows of a
 * text. Recipes that must know the model's inputs see other windows of it, behind those that are
 * judged. The first row is the model as it is.
 *
 * <p>Belongs here: this bench. Does not belong here: recipes, and judging one model, which is
 * {@code tributary eval}.
 */
@NullMarked
package io.tributary.bench.weights;

import org.jspecify.annotations.NullMarked;
