/**
 * lowrank, codec 0x0033, format version 1: a chunk as a matrix of few directions, {@code A ≈ P Qᵀ}.
 * With error feedback, what the directions of one round don't carry comes with those of the next.
 *
 * <pre>
 *  0             u16  width w of the matrix, 2 to 32768; 0: plain, no matrix
 *  2             u16  rank k, 0 to 64; 0 where plain
 *  4             i16  exponent e, -160 to 160; 0 where plain
 *  6             u16  reserved, 0
 *  8                  plain: a bf16 number for each value
 *                     else Q, k columns of w bf16 numbers, then P, n rows of k bf16 numbers,
 *                     with n = ceil(values / w)
 * </pre>
 *
 * <p>All numbers are little endian; the length follows from the number of values, w and k, and a
 * decoder accepts no other.
 *
 * <p><b>The matrix.</b> A chunk is flat: its values lie in rows of w, the last one filled up with
 * zeros. w is a parameter, {@code lowrank:4-64}, for tensors whose rows are known; otherwise it is
 * the largest power of two whose square is at most the number of values. What is lost by a wrong
 * width: where w is a multiple or a fraction of the tensor's row, m rows are one or one row is m,
 * and a matrix of rank k may have up to m k. Where it is neither, or where a chunk begins inside a
 * row that w doesn't divide, the matrix means nothing. Vectors have no low rank at all: send norms
 * otherwise, {@code norm.*=bf16, *=lowrank:4}.
 *
 * <p><b>Rule.</b> The columns of Q are directions of the rows, from the arithmetic of the sketches:
 * {@code Y = Aᵀ(A Z)} and orthonormalization, {@value
 * io.tributary.codecs.lowrank.LowRankDirections#PASSES} times from fixed random columns. A column
 * that depends on those before it ends the rank. Sums are float64 in ascending order. Q is rounded
 * to bf16 (nearest, ties to even), then {@code P = A Q 2^-e} likewise; e is the exponent of the
 * largest magnitude of {@code A Q}. Where the factors would take no fewer bytes than a bf16 number
 * for each value, these are sent.
 *
 * <p>A value means {@code 2^e Σ P Q}, the sum in float64 in ascending order of the rank, rounded to
 * float32; beyond the largest float it is that.
 *
 * <p><b>Error.</b> What lies outside the k directions is lost: at best the energy of all singular
 * values but the first k, and never more than 2 % of its length beside the whole.
 *
 * <p><b>Odd values.</b> NaN and infinity are refused.
 *
 * <p><b>References.</b> Vogels, Karimireddy and Jaggi (2019), "PowerSGD: practical low-rank
 * gradient compression for distributed optimization". There directions go on from step to step and
 * are agreed by all agents; here each chunk finds its own and can be decoded by itself, for which
 * it takes more passes and sends Q.
 *
 * <p>Belongs here: the format, the directions of a chunk. Does not belong here: error feedback,
 * which wraps any codec, and sketches of what streams by.
 */
@NullMarked
package io.tributary.codecs.lowrank;

import org.jspecify.annotations.NullMarked;
