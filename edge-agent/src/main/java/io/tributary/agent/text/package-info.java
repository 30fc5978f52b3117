/**
 * The text that agents train on: where it comes from, who gets which part, and which windows a step
 * sees.
 *
 * <p>Belongs here: reading, checking and dealing text as bytes, and choosing windows by (seed,
 * participant, step). Does not belong here: models, and anything that an engine computes.
 */
@NullMarked
package io.tributary.agent.text;

import org.jspecify.annotations.NullMarked;
