/**
 * What must hold exactly, whatever is trained: special cases of Streaming DiLoCo against plain
 * definitions of them, and promises about order, delay and bytes.
 *
 * <p>Belongs here: the named checks, a cheap trainer for them, and the plain definitions. Does not
 * belong here: statements about loss.
 */
@NullMarked
package io.tributary.bench.diloco.identity;

import org.jspecify.annotations.NullMarked;
