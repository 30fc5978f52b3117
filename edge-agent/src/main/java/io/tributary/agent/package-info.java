/**
 * The edge agent: trains a replica, contributes fragments on schedule, merges what comes back at
 * the exact step.
 *
 * <p>Belongs here: the worker, its conversation with the coordinator, what it keeps for a restart,
 * the commands. Does not belong here: training engines and texts (packages of their own), concrete
 * codecs, anything a coordinator needs. One thread, the worker's, trains and computes; event loops
 * only hand it things.
 */
@NullMarked
package io.tributary.agent;

import org.jspecify.annotations.NullMarked;
