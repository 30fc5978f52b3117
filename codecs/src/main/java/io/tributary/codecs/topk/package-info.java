/**
 * topk, codec 0x0031, format version 1: of each block of 4096 values the largest magnitudes, all
 * others zero. With error feedback, what is left out is sent when it has grown.
 *
 * <pre>
 *  0             u16  values kept of a whole block, K: 1 to 4096
 *  2             u8   bits of a kept value, v: 2 to 8
 *  3             u8   reserved, 0
 *  4                  blocks one after the other
 *
 *  block of n values, of which k = ceil(K n / 4096) are kept:
 *  0             u16  lower end of the kept magnitudes, bf16
 *  2             u16  upper end, bf16
 *  4                  k entries of 12 + v bits from the lowest bit up, in rising order of their
 *                     index, then zero bits up to a whole byte
 *
 *  entry:  11..0          index in the block
 *          v+10..12       step c
 *          v+11           sign
 * </pre>
 *
 * <p>All numbers are little endian. The length follows from the number of values, K and v, and a
 * decoder accepts no other.
 *
 * <p><b>Rule.</b> Magnitudes compare as their bit patterns; among equal ones the lower index is
 * kept. The ends l and h are the smallest and the largest kept magnitude, cut off to bf16. The
 * interval between them has {@code S = 2^(v-1) - 1} steps of {@code w = (h - l) / S}, rounded to
 * float32. The step of x is {@code fma(|x| - l, S / (h - l), 0.5)}, fraction cut off and at most S,
 * or 0 where {@code h - l} is below 2^-100. A step c means the magnitude {@code fma(c, w, l)}.
 *
 * <p><b>Error.</b> A value that is not kept is lost whole; the others are off by at most w/2, or
 * 2^-7 of themselves at the ends. No value comes back further from itself than zero is (but for
 * 2^-7), so error feedback converges for any values: that is why the ends are points, and why steps
 * are even even though tails are not.
 *
 * <p><b>Size.</b> 0.15 bits a value for 1 % and 2 bits, of which indices are four fifths. That is
 * within 35 % of what any code of such indices needs, and a decoder can check it without decoding.
 * Above some 8 % a code with a bit for every value would be smaller.
 *
 * <p><b>Odd values.</b> NaN and infinity are refused. Minus zero is kept as such, if it is kept.
 *
 * <p><b>Cost.</b> The k-th largest of a block is found in two passes that touch every value: the
 * first takes the largest of each of 3 k groups or more; the k-th largest of these is a bound that
 * at least k values reach, and not many more; the second collects the values that do. Only these
 * are sorted out. Arrays belong to the calling thread, because a codec has no session whose they
 * could be and threads share it; nothing is allocated in steady state.
 *
 * <p><b>References.</b> Aji and Heafield (2017), "Sparse communication for distributed gradient
 * descent"; Lin et al. (2018), "Deep gradient compression"; Sarfi et al. (2025), "Communication
 * efficient LLM pre-training with SparseLoCo", for blocks of 4096 and values of 2 bits.
 *
 * <p>Belongs here: the format, the choice of values, both kernels. Does not belong here: error
 * feedback, which wraps any codec.
 */
@NullMarked
package io.tributary.codecs.topk;

import org.jspecify.annotations.NullMarked;
