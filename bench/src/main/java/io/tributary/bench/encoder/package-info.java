/**
 * Pre-trained models that come as jars beside the build.
 *
 * <p>Belongs here: finding them. Does not belong here: reading them, and what is done with them.
 */
@NullMarked
package io.tributary.bench.encoder;

import org.jspecify.annotations.NullMarked;
