/**
 * Texts as the numbers that a model was trained on.
 *
 * <p>Three kinds of vocabulary: byte-level byte pair encoding, whose {@code tokenizer.json} names
 * all pieces and the order in which pairs become one; llama2.c's, where the pair whose union has
 * the highest score becomes one; and BERT's word pieces, where the longest piece that fits is taken
 * from the left. A GGUF file may carry one of the first two kinds inside.
 *
 * <p>Belongs here: vocabularies, from their files, and the way from text to tokens and back. Does
 * not belong here: how a text is cut for a model.
 */
@NullMarked
package io.tributary.weights.token;

import org.jspecify.annotations.NullMarked;
