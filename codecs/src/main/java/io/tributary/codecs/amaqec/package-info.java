/**
 * amaqec, codec 0x0043, format version 1: activations across a cut through the entropy coder of the
 * chunk codec {@code ecq}, at any rate from 0.1 bits a value on.
 *
 * <p>Values are taken channel by channel, less the channel's mean and times the channel's weight, a
 * power of two in quarters of an octave. So a block of 64 values belongs to one channel nearly
 * always, and the tables that the coder chooses by block are contexts by channel. One step serves
 * all weighted channels: those of small variance get few bits or none, which is reverse
 * water-filling without any bits to allot, to fractions of a bit.
 *
 * <pre>
 *  message        head of form 3, see {@link io.tributary.codecs.channelwise}, then a payload of ecq
 *                 with the values of all rows but padding, channel after channel
 *
 *  table          u8 form, 1; u24 channels C; u32 version; u32 CRC-32C of what follows;
 *                 i8 e; C halves: means divided by 2^e; C times i8: weights, log2 in quarters
 *  request        u8 form, 3; u24 0; u32 version
 * </pre>
 *
 * <p>Version 0 has means 0 and weights 1. Gradients go back the same way without means and weights,
 * rounded at random: to the nearest code, most of a low rate's are zero, and what they had in
 * common is lost to the layers below the cut, step after step ({@code docs/studies/amaq.md}).
 *
 * <p><b>Learning.</b> Means follow the activations. Weights stay 1 with the parameter {@code
 * common}; with {@code channel} they follow the root of the mean square of the channel's gradient,
 * which is the weight of its squared error in a second order expansion of the loss if squared
 * gradients stand for curvature (Fisher). The slope between neighbouring steps, as amaq takes it
 * for bits, has the sign of the gradient at the rounded point and no knowledge of curvature.
 *
 * <p><b>Budget.</b> What earlier messages and tables took more or less than the budget is made up
 * for by later ones, so the mean of all bytes meets it.
 *
 * <p>Belongs here: means, weights, budget, both ends. Does not belong here: the entropy coder.
 */
@NullMarked
package io.tributary.codecs.amaqec;

import org.jspecify.annotations.NullMarked;
