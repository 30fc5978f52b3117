/**
 * Who gets how many bits: the columns of a matrix, or the matrices of a model.
 *
 * <p>Belongs here: rules that turn losses and a budget into numbers of bits or levels. Does not
 * belong here: how losses are measured, and what is done with the bits.
 */
@NullMarked
package io.tributary.weights.allocate;

import org.jspecify.annotations.NullMarked;
