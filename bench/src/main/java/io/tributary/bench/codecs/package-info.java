/**
 * {@code tributary bench codecs}: speed and distortion of every codec, and of rivals, on this
 * machine.
 *
 * <p>Belongs here: the JMH benchmark, the value sets, the rivals, the table and the plots. Does not
 * belong here: any codec of the product, which is found through the registry as the product finds
 * it. A bench blocks the thread that runs it; JMH starts JVMs of its own.
 */
@NullMarked
package io.tributary.bench.codecs;

import org.jspecify.annotations.NullMarked;
