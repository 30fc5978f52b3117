/**
 * bf16, codec 0x0006, format version 1: the upper half of a float32.
 *
 * <pre>
 *  0             u16  sign, 8 exponent bits, 7 significand bits of each value; 2 * count bytes
 * </pre>
 *
 * <p><b>Rule.</b> Rounded to nearest even. Values of at least 2^128 - 2^119 become infinity,
 * subnormal values are kept as far as 16 bits go. NaN stays NaN: it is made quiet, and keeps its
 * sign and the upper bits of its payload.
 *
 * <p><b>Error.</b> At most 2^-8 of the value (2^-134 where that is more). Every exponent of float32
 * survives, so nothing needs a scale.
 *
 * <p><b>Cost.</b> Integer arithmetic, one pass. No allocation, but for an entry in the GPU thread's
 * queue.
 *
 * <p>Belongs here: this codec's kernels. Does not belong here: the scales of block codecs, which
 * are bf16 numbers too but are rounded up.
 */
@NullMarked
package io.tributary.codecs.bf16;

import org.jspecify.annotations.NullMarked;
