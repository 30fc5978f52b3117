/**
 * A reader of models: asks a server for one that it offers, and keeps what has come in a file that
 * the next attempt goes on from.
 *
 * <p>Belongs here: the conversation with the server, the file's beginning on disk, its check by
 * digest. Does not belong here: what the file holds, and the command.
 */
@NullMarked
package io.tributary.agent.fetch;

import org.jspecify.annotations.NullMarked;
