/**
 * What the block codecs share: a payload of header, scales and codes, and the arithmetic of scales.
 *
 * <p>A block codec cuts its values into blocks of equal size, gives each block a scale and each
 * value a small integer code; a value is decoded as {@code code * scale}. All numbers are little
 * endian.
 *
 * <pre>
 *  0             u16  block size B
 *  2             u16  reserved, 0
 *  4             u16  scale of block 0, bf16
 *  6             u16  scale of block 1
 *                ...
 *  4 + 2k             codes, group after group, k = ceil(count / B)
 * </pre>
 *
 * Codes lie in groups of 64 values, so that where a code lies doesn't depend on the block size; a
 * block is half a group, or 1, 2 or 4 groups. The last block and the last group may be short. A
 * last group of {@code n} values is cut as every group is, in {@code ceil(n/2)} values and the
 * others, so that a last block of 32 may lie on both sides of the cut.
 *
 * <p>The number of values comes from the frame. A payload's length follows from that number and the
 * block size, and a decoder accepts no other.
 *
 * <p><b>Scales</b> are bfloat16 numbers: zero, or normal and small enough that the largest code
 * decodes to a finite value. A block's scale is its largest magnitude times one over the largest
 * code, rounded <em>up</em> to 8 significant bits, so that no value lies beyond the largest code.
 * (One over the largest code is rounded down to float32: then a block of whole multiples of a bf16
 * number, the largest of them being the largest code, gets that number as scale and loses nothing.)
 *
 * <p>With 8 significant bits in the scale and at most 8 in a code, the product is exact in float32:
 * decoding has no rounding at all, and a back end that contracts {@code sum + code * scale} into
 * one operation gets the same bits as one that doesn't. {@code
 * docs/adr/0002-block-scales-are-bf16.md} tells why not fp16 or a power of two.
 *
 * <p>A block whose largest magnitude is below {@code 2^-126} times the largest code, rounded up to
 * a power of two, is encoded as zeros, because its scale might not be a normal number: no device
 * then needs subnormal numbers. Minus zero is decoded as plus zero where codes are integers. NaN
 * and infinity are refused.
 *
 * <p>Belongs here: what int8block, int4block, intblock, e3m0 and fp8 have in common. Does not
 * belong here: a rounding rule, a kernel. Everything is stateless or immutable, and safe for any
 * thread.
 */
@NullMarked
package io.tributary.codecs.block;

import org.jspecify.annotations.NullMarked;
