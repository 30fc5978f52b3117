/**
 * What the kernels share: whether vectors and OpenCL devices are there, and how to use them.
 *
 * <p>Belongs here: {@code SimdSupport}, {@code GpuSupport} and what both need; beside the kernels
 * named {@code ...SimdKernel} and {@code ...GpuKernel} the only place that knows the incubating
 * vector module and Aparapi. Does not belong here: arithmetic of any codec.
 */
@NullMarked
package io.tributary.codecs.internal;

import org.jspecify.annotations.NullMarked;
