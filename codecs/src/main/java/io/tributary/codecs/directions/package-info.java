/**
 * directions, codec 0x0044 across a cut, format version 2: where a few directions of the
 * activations outweigh all others, each row's part along them travels in eight bits, and an entropy
 * coder (ecq) has what is left, at the error that it would have had without them.
 *
 * <pre>
 *  0                  head of a message across a cut, form 3, version 0
 *  h             u8   directions k, 0 to 4
 *  h + 1         u8   reserved, 0
 *  h + 2         i16  k exponents e, -160 to 160
 *  ...           f16  k directions of so many values as there are channels
 *  ...           i8   k parts of each row, those of the first direction first, times 2^(6 - e)
 *  ...                payload of ecq: what is left, channel by channel
 * </pre>
 *
 * <p>All numbers are little endian. A value is what ecq gives plus the sum of {@code part *
 * direction} in their order, float32 with one fused multiply-add each. Any message can be decoded
 * by itself; gradients have no directions.
 *
 * <p><b>When.</b> A sketch of the rows ({@link io.tributary.sketch.RowSketch}, {@code
 * random-order}) knows the top eigenvalues. With E all energy and S that of the first k directions,
 * high-rate quantization saves {@code log2(E / (E - S)) / 2} bits a value and pays 8 k bits a row
 * and 16 k bits a channel for it. The k that saves most is tried, if the eigenvalue behind it is
 * smaller by the factor {@value io.tributary.codecs.directions.DirectionChoice#GAP}; with none,
 * nothing is. Each message with directions is coded without them as well, and the shorter one is
 * sent: they are never used where they lose. The choice is made anew every {@value
 * io.tributary.codecs.directions.DirectionsCodec#WINDOW} messages.
 *
 * <p><b>Error.</b> The rate of the plan is met by what is coded without directions. With them, the
 * entropy coder is asked for the same error, so that they save bytes and nothing else. What eight
 * bits round off a part is part of what is left, and so is not lost.
 *
 * <p>Belongs here: the choice of directions and their bytes. Does not belong here: sketches, and
 * how what is left is coded, both of which are found by name.
 */
@NullMarked
package io.tributary.codecs.directions;

import org.jspecify.annotations.NullMarked;
