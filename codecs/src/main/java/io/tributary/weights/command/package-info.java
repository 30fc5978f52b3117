/**
 * Commands on files of weights: {@code compress}, {@code decompress}, {@code compare}.
 *
 * <p>Belongs here: options, tables for people, JSON for programs. Does not belong here: the work.
 */
@NullMarked
package io.tributary.weights.command;

import org.jspecify.annotations.NullMarked;
