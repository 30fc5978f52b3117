/**
 * amaq, codec 0x0040, format version 1: activations across a cut in whole bits for each channel,
 * and a gate for each channel that learns how many. The messages are those of {@link
 * io.tributary.codecs.channelwise}; tables of widths are side messages, see {@link
 * io.tributary.codecs.amaq.AmaqTable}.
 *
 * <p><b>Gates.</b> A channel has {@code b = 2 + 6 sigmoid(Q)} bits. The loss's derivative by b is
 * taken between the whole widths on either side of b: the sum over the channel's values of gradient
 * times the change of the received value. A penalty, equal for all channels, brings the mean down
 * to the budget; see {@link io.tributary.codecs.amaq.AmaqGates}. Gradients go back with the widths
 * of their activations, stochastically rounded: their own rounding can't be learned from the loss.
 *
 * <p><b>Tables.</b> A message says by version which table it was made with. A receiver that lacks
 * it refuses with {@code UNKNOWN_TABLE} and may ask; it keeps the newest 64, as the sender does. A
 * table of C channels takes C/2 + 12 bytes, a change less.
 *
 * <p><b>Yardsticks in the same format.</b> {@code fixed} has one width, {@code variance} fills by
 * variances without learning.
 *
 * <p><b>References.</b> AMAQ (2025), arXiv 2510.05468: the gates' formula, the start at 6 to 8 bits
 * and the aim of 3 to 4. Its text was not available in full: the quantizer, the penalty, rounding,
 * schedule and gradients are reconstructed here, and {@code docs/studies/amaq.md} measures them.
 * The derivative between widths is that of FracBits (Yang and Jin 2020, arXiv 2007.02017).
 *
 * <p>Belongs here: who chooses widths, tables, both ends. Does not belong here: the message format.
 */
@NullMarked
package io.tributary.codecs.amaq;

import org.jspecify.annotations.NullMarked;
