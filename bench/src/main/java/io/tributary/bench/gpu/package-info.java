/**
 * {@code tributary bench gpu}: the codecs' OpenCL programs against their definition, and their
 * speed.
 *
 * <p>Belongs here: what is measured on an OpenCL device. Does not belong here: a program; each
 * codec has its own.
 */
@NullMarked
package io.tributary.bench.gpu;

import org.jspecify.annotations.NullMarked;
