/**
 * Streams between agents: who may send them, who finds whom, and a server that does nothing else.
 *
 * <p>Belongs here: roles, the directory of services, the bound on what is held. Does not belong
 * here: frames and credits, which the link passes on, and what the streams mean.
 */
@NullMarked
package io.tributary.coordinator.relay;

import org.jspecify.annotations.NullMarked;
