/**
 * ecq, codec 0x0030, format version 1: an entropy-coded quantizer. All values of a chunk are
 * rounded to multiples of one step, and the codes are written in as few bits as their frequencies
 * allow. So a chunk comes as near to Shannon's bound as any code does that looks at values one at a
 * time, at any rate, fractions of a bit included.
 *
 * <pre>
 *  0             u8   form: 0 all values are zero, 2 float32 values follow, and nothing else;
 *                     1 as drawn here with t = 4 streams, 3 with t = 32
 *  1             u8   low bits of a code, b: 0 to 12
 *  2             u8   classes of blocks, 1 to 4
 *  3             i8   offset of the points of codes 1 and -1, in 256ths of a step
 *  4             i8   of codes 2 and -2
 *  5             i8   of all larger ones
 *  6             f32  step, 2^-100 to 2^100
 * 10             u24  bytes of side information, s
 * 13                  side information, binary arithmetic code
 * 13 + s              low bits of each value, b bits each from the lowest bit up; l bytes of them
 * 13 + s + l     u32  states of the t streams, 2^15 to 2^31 - 1
 * ...           u16  words of the entropy coder, as many as there are
 *
 *  side information, in this order:
 *    largest code of the tables, M, 1 to 126, in 8 bits
 *    exceptions: how many values lie between it and the one before; one bit: float32 or code; then
 *      32 bits, or the sign and by how much the code's magnitude lies above M + 1;
 *      behind the last, how many values follow
 *    for each class the frequencies of codes 0, 1, -1 ... M, -M: the first in 12 bits, the
 *      others as difference to the code before, those of negative codes to their mirror image
 *    if there is more than one class, the class of each block of 64 values in 2 bits
 * </pre>
 *
 * <p>All numbers are little endian. {@link io.tributary.codecs.ecq.EcqBinaryCoder} says what a
 * number in the side information looks like, {@link io.tributary.codecs.ecq.EcqRans} how codes are
 * coded with their frequencies, which add up to 4096 in each class. Code i belongs to stream i
 * modulo t; all streams take words in the order of their codes.
 *
 * <p><b>Rule.</b> With r the float32 nearest to 1/step and y the float32 product {@code |x| * r},
 * the magnitude of the code is 0 where y lies below a threshold, or else {@code y + bias} rounded
 * to the nearest integer, ties to even; the encoder chooses threshold and bias, and nobody else
 * needs to know them. A code c of points' offset o means {@code (256 c + o) * (step / 256)},
 * rounded once; the offset is where the mean of the values lies that share the code. With low bits
 * there are no offsets, and the code is {@code c * 2^b} plus the low bits, times the step. A code
 * beyond M is an exception; its place has the code 0.
 *
 * <p><b>Random rounding</b>, {@code 2b-stochastic}: a value between two multiples of the step takes
 * either, the more probably the nearer it lies, so that its error is zero in the mean and zeros
 * stay zeros. Offsets are zero then. What is learned from needs this: gradients that are rounded to
 * the nearest code lose, all in the same direction, what many small ones had in common. The noise
 * comes from the values themselves, so that the same chunk has the same bytes; a decoder knows
 * nothing of it.
 *
 * <p><b>Targets.</b> <em>Bits a value</em> are met in the mean of many chunks to about 1 %, side
 * information included; short chunks take more. A <em>relative error</em> (L2) and a <em>largest
 * error</em> are promises for each chunk. Step, threshold and bias are found on a sample of up to
 * 4096 values, see {@link io.tributary.codecs.ecq.EcqRateControl}. The encoder's decisions use the
 * same Java code in all back ends, so that these give the same bytes.
 *
 * <p><b>Classes.</b> Blocks of 64 values are sorted by the sum of their codes' magnitudes where
 * these sums vary more than chance would have it, and each class has its table: rows or regions of
 * different variance are then coded as if each were a chunk of its own, with the one step that is
 * best for all.
 *
 * <p><b>Error.</b> With random rounding, less than a step. Otherwise at most half a step and the
 * offset for what is not code 0; no value comes back further from itself than zero is. For
 * independent normally distributed values the error is 1.53 dB above Shannon's bound at 2 bits and
 * more, which is what rounding to a grid costs (Gish and Pierce 1968: {@code pi e / 6}), and 0.1 to
 * 0.15 dB more for side information, for states that begin with nothing to say, and for frequencies
 * of 12 bits. {@code docs/studies/ecq.md} has the measured table.
 *
 * <p><b>Odd values.</b> NaN and infinity are refused. Minus zero becomes zero. A chunk of zeros
 * takes one byte. Where a step would lie outside its range (magnitudes below 2^-100 or so), or the
 * bytes would not be fewer, the chunk travels as float32: 4 bytes a value and one are the most.
 *
 * <p><b>Cost.</b> One pass each for the largest magnitude, rounding, counting and coding. With one
 * word a code at most, streams need no jumps and are the lanes of a vector; 32 of them, because a
 * code waits for the one before in its stream, 60 cycles and more. Where codes take less than 8 KiB
 * in all, the encoder takes four. Arrays belong to the calling thread and are kept: a codec has no
 * session whose they could be, threads share it, and one of them may decode for many streams.
 * Nothing is allocated in steady state.
 *
 * <p><b>References.</b> Gish and Pierce (1968), "Asymptotically efficient quantizing"; Sullivan
 * (1996), "Efficient scalar quantization of exponential and Laplacian random variables", for the
 * zero bin and the points; Duda (2013), "Asymmetric numeral systems"; Giesen (2014), "Interleaved
 * entropy coders"; Witten, Neal and Cleary (1987), "Arithmetic coding for data compression".
 *
 * <p>Belongs here: the format, the quantizer in both kernels, the choice of its parameters, the
 * entropy coders. Does not belong here: other codecs' use of them.
 */
@NullMarked
package io.tributary.codecs.ecq;

import org.jspecify.annotations.NullMarked;
