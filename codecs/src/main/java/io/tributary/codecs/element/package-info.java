/**
 * What the codecs of one value at a time share: raw32, fp16 and bf16 have no header and no blocks.
 *
 * <p>A payload is {@code count} numbers of equal width, little endian, and nothing else; its length
 * says whether it is whole. NaN and infinity pass through.
 *
 * <p>Belongs here: the shell around a kernel, and the provider's common part. Does not belong here:
 * what a number means. Everything is stateless, safe for any thread.
 */
@NullMarked
package io.tributary.codecs.element;

import org.jspecify.annotations.NullMarked;
