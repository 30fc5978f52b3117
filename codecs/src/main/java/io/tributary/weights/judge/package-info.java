/**
 * How well a model predicts a text: the judge of what became of its weights.
 *
 * <p>A text is cut into windows. Models that predict masked tokens see all of a window but these;
 * with others each token is predicted from those before it in its window alone. Vocabularies that
 * have a token for beginnings see each line as a text of its own; with others the text is one. The
 * figures are the mean negative log-likelihood of a predicted token, in nats, and its exponential,
 * the perplexity.
 *
 * <p>Belongs here: models with their vocabularies, windows, figures, the command. Does not belong
 * here: forward passes and tokens.
 */
@NullMarked
package io.tributary.weights.judge;

import org.jspecify.annotations.NullMarked;
