/**
 * How rows of weights lie in bytes.
 *
 * <p>A {@link io.tributary.weights.pack.RowLayout} has a text that says all there is to know of it,
 * so that a file describes itself, and turns the bytes of a block of rows back into float32. What
 * produces those bytes is a recipe: an encoder's choices never matter to a decoder.
 *
 * <p>All numbers are little endian. Codes of {@code b} bits lie in {@code b} planes, the plane of
 * the highest bit first: a file can be cut between planes and is then a coarser one.
 *
 * <p>Belongs here: layouts, and the number types of what stands beside codes. Does not belong here:
 * which code a weight gets, and what is done to a matrix before.
 */
@NullMarked
package io.tributary.weights.pack;

import org.jspecify.annotations.NullMarked;
