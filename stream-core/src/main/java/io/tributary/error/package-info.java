/**
 * What can go wrong, as codes that travel and exceptions that carry them.
 *
 * <p>Belongs here: the code table, the exceptions of stream-core, the mapping between both. Does
 * not belong here: errors of one module alone that never cross the wire.
 */
@NullMarked
package io.tributary.error;

import org.jspecify.annotations.NullMarked;
