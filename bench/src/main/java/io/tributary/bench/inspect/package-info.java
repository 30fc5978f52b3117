/**
 * {@code tributary inspect}: what lies in a file of tensors.
 *
 * <p>Belongs here: the command and its table. Does not belong here: the file format, and how a
 * spectrum is found.
 */
@NullMarked
package io.tributary.bench.inspect;

import org.jspecify.annotations.NullMarked;
