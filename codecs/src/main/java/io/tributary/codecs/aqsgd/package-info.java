/**
 * aqsgd, codec 0x0041, format version 1: what activations of a training sample changed by since it
 * was last seen. Both ends remember what was received of each sample, so the receiver adds.
 *
 * <p>A message is one of form 2 of {@link io.tributary.codecs.channelwise}, with samples; its
 * version is the number of messages before it: a receiver that has missed one refuses, because its
 * memory would differ from then on. Padding changes nothing. A sample's first message is its
 * activations themselves, at the same width: the warm-up in full precision of the source would cost
 * more than all that follows at these budgets.
 *
 * <p><b>Memory.</b> 4 bytes a value of every sample at both ends, outside the heap, 1 GiB at most.
 * It needs several epochs over the same samples to gain anything.
 *
 * <p><b>References.</b> Wang et al. (2022), "Fine-tuning language models over slow networks using
 * activation quantization with guarantees" (AQ-SGD). Here the grid has one code less, so that it is
 * symmetric, and memories are float32.
 *
 * <p>Belongs here: both ends and the memory. Does not belong here: the message format.
 */
@NullMarked
package io.tributary.codecs.aqsgd;

import org.jspecify.annotations.NullMarked;
