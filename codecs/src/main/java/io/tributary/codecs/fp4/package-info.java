/**
 * mxfp4, codec 0x0012, and nvfp4, codec 0x0013, both format version 1: the 4-bit floating-point
 * numbers of hardware, in blocks of 32 with a power of two as scale each, or in blocks of 16 with
 * an 8-bit floating-point scale each.
 *
 * <pre>
 *  mxfp4, k = ceil(count / 32)
 *  0             u8   E8M0 scale of each block: b means 2^(b-127); 2 to 252
 *  k                  codes
 *
 *  nvfp4, k = ceil(count / 16)
 *  0             f32  scale g of the chunk: 0, or from 2^-116 on; its lower 16 bits are 0
 *  4             u8   E4M3 scale of each block, 0x00 to 0x7e: a number from 0 to 448
 *  4 + k              codes
 *
 *  codes: a group of n values, 64 but for the last, takes h = ceil(n/2) bytes: byte j holds value j
 *  in its low half and value h + j in its high half (0 if there is no such value)
 *
 *  code, E2M1:    3  sign   2..1  exponent   0  fraction
 *                 magnitudes 0, 0.5, 1, 1.5, 2, 3, 4, 6
 *  scale, E4M3:   6..3  exponent e   2..0  fraction m
 *                 m * 2^-9 for e = 0, otherwise (1 + m/8) * 2^(e-7)
 * </pre>
 *
 * <p>A value is code times block scale, and times g in nvfp4. All numbers are little endian. The
 * bits of codes and scales are those of the two standards; where they lie is ours.
 *
 * <p><b>Rule.</b> A value x gets the code nearest to {@code x * r}, where r is the float32 nearest
 * to one divided by what the least code means (half of the scale); of two equally near, the even
 * one, and beyond 6 the code of 6. The sign survives, that of zero too. mxfp4's scale is the least
 * power of two of which the block's largest magnitude is less than 7 times: the standard takes one
 * that the largest magnitude is 4 to 8 times of, which has 3 % more error on normally distributed
 * values, and the one that never clips has as much. nvfp4's g is the chunk's largest magnitude over
 * 2688, which is 6 times 448, rounded up to bf16 as {@link io.tributary.codecs.block} says, and a
 * block's scale is the E4M3 number nearest to a 6th of its largest magnitude over g.
 *
 * <p><b>Odd values.</b> NaN and infinity are refused. Scales are bounded so that every product is a
 * normal number or zero, and exact: E8M0's 0, 1, 253 and 254 aren't used, its 255 and E4M3's 0x7f,
 * which are no numbers, neither. So magnitudes below 2^-127 become zero in mxfp4, and those of 1.75
 * times 2^127 or more lose up to a quarter. In nvfp4 a chunk whose largest magnitude is below
 * 2^-104 becomes zeros, and so does a block below 2^-19 or so of its chunk. A block of zeros has
 * the scale 2 in mxfp4, and 0 in nvfp4.
 *
 * <p><b>Error.</b> Half the distance of two codes; the largest distance, from 4 to 6, is a third of
 * the largest code. Relative error (L2) on normal values, Laplace and Student's t values with
 * outlier channels (the sets N, L and T of the codec bench): mxfp4 0.112, 0.132 and 0.139; nvfp4
 * 0.095, 0.088 and 0.088.
 *
 * <p><b>Size.</b> 4.25 and 4.5 bits a value.
 *
 * <p><b>Cost.</b> nvfp4 reads each value once more for the chunk's scale, and makes two tables of
 * 127 scales for each chunk that belong to the calling thread. No allocation, but for an entry in
 * the GPU thread's queue.
 *
 * <p><b>References.</b> Open Compute Project (2023), "OCP Microscaling formats (MX) specification
 * v1.0", sections 5 and 6; NVIDIA (2025), "Pretraining large language models with NVFP4", section
 * 2.
 *
 * <p>Belongs here: both formats and the kernels that they share. Does not belong here: e3m0, which
 * has no fraction and bf16 scales.
 */
@NullMarked
package io.tributary.codecs.fp4;

import org.jspecify.annotations.NullMarked;
