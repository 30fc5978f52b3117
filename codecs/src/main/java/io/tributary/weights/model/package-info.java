/**
 * Forward passes of models at hand, to judge what became of their weights.
 *
 * <p>The architectures are two. Llama's predicts the next token: RMSNorm (<a
 * href="https://arxiv.org/abs/1910.07467">1910.07467</a>), rotary positions on interleaved pairs
 * (<a href="https://arxiv.org/abs/2104.09864">2104.09864</a>), heads of queries that share heads of
 * keys and values (<a href="https://arxiv.org/abs/2305.13245">2305.13245</a>), SwiGLU (<a
 * href="https://arxiv.org/abs/2002.05202">2002.05202</a>), an output that is the embedding unless
 * it has weights of its own. BERT's predicts tokens behind a mask (<a
 * href="https://arxiv.org/abs/1810.04805">1810.04805</a>): learned positions, layer norm behind
 * attention and feed-forward, GELU by erf, biases everywhere, an output that is the embedding.
 * Sequences are of the first of its two kinds. Weights come from any file of weights; which tensor
 * is which follows from the tensors' names.
 *
 * <p>Arithmetic is float32. Each output of a matrix is a chain of fused multiply-adds in the order
 * of its inputs and exp and erf are polynomials of our own, so that the result doesn't depend on
 * the vectors' width, on the number of threads, or on whether there are vectors at all. Sums of
 * norms and of probabilities are float64.
 *
 * <p>Belongs here: forward passes and their kernels. Does not belong here: texts and tokens, what
 * is counted, how weights are made smaller.
 */
@NullMarked
package io.tributary.weights.model;

import org.jspecify.annotations.NullMarked;
