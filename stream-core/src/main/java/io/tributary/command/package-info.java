/**
 * The command line: one root command, to which each module adds its own through {@link
 * java.util.ServiceLoader}.
 *
 * <p>Belongs here: the root command, the service interface of commands, how errors look on a
 * terminal, what {@code --version} says, the facts in every {@code --json} file. Does not belong
 * here: any command that does work.
 */
@NullMarked
package io.tributary.command;

import org.jspecify.annotations.NullMarked;
