/**
 * Training in this process by PyTorch through DJL: the graph of a byte-level GPT, and the trainer
 * that feeds it.
 *
 * <p>Belongs here: everything that names DJL. Does not belong here: optimizers, schemas, text,
 * which are the same for every engine. The engine's cache, its threads and its being offline are
 * set by JVM flags, never by this code.
 */
@NullMarked
package io.tributary.agent.trainer.djl;

import org.jspecify.annotations.NullMarked;
