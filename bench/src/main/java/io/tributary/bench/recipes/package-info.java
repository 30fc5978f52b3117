/**
 * {@code tributary bench recipes}: how fast recipes for weights are.
 *
 * <p>A model of random weights is written to a file, compressed from there into another, and
 * written out as float32 again, all as the commands do it. Beside it stand what the machine does
 * with as many bytes when nothing is computed: copy them in memory, write them to the same folder,
 * read them, and what the device does.
 *
 * <p>Belongs here: this bench. Does not belong here: how well a model predicts afterwards, which is
 * {@code tributary bench weights}; recipes.
 */
@NullMarked
package io.tributary.bench.recipes;

import org.jspecify.annotations.NullMarked;
