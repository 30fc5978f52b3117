/**
 * What agent and coordinator must agree on about a run: its manifest, which tensors form a
 * fragment, when a fragment is exchanged, the outer parameters with their checksums, and the
 * messages both send beside the streams.
 *
 * <p>Belongs here: definitions that both sides compute alike, from the same values to the same
 * bits. Does not belong here: who waits for whom, storage, sockets. Streaming DiLoCo: Douillard et
 * al., "Streaming DiLoCo with overlapping communication", arXiv 2501.18512.
 */
@NullMarked
package io.tributary.run;

import org.jspecify.annotations.NullMarked;
