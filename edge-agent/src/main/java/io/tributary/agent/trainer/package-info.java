/**
 * How the agent trains: the {@link io.tributary.agent.trainer.Trainer} interface and the optimizer
 * that owns its moments.
 *
 * <p>Belongs here: what every training engine has in common. Does not belong here: any engine; each
 * has a package of its own below this one, and nothing else in the agent knows it.
 */
@NullMarked
package io.tributary.agent.trainer;

import org.jspecify.annotations.NullMarked;
