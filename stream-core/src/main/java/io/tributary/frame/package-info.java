/**
 * The bytes of the link: frame types, the layout of each frame, the checks that hostile bytes must
 * pass, and the cutting of a byte stream into frames. {@code docs/wire-format.md} is the source of
 * truth; where code differs, the code is the bug.
 *
 * <p>Belongs here: layouts, limits, checksums. Does not belong here: what frames mean to each other
 * (streams, credits, liveness: {@code io.tributary.link}), the bytes inside a payload (codecs).
 *
 * <p>Threads: flyweights are static and stateless; they read at absolute positions and never move a
 * buffer's indices, so several threads may read one frame. {@link io.tributary.frame.FrameDecoder}
 * belongs to one channel. Nothing here is null.
 */
@NullMarked
package io.tributary.frame;

import org.jspecify.annotations.NullMarked;
