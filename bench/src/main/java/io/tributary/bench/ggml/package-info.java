/**
 * {@code tributary bench ggml}: our encoders of ggml's block types beside ggml's own.
 *
 * <p>ggml is a shared library that the user names: a build of llama.cpp has one, and so has the jar
 * of its Java binding. Its encoders are called in this process, on the same weights, in turn with
 * ours, on one thread and from memory to memory; both results are decoded and their errors told.
 *
 * <p>Belongs here: the library's few functions, this bench. Does not belong here: recipes and
 * files, which {@code tributary bench recipes} times; the encoders.
 */
@NullMarked
package io.tributary.bench.ggml;

import org.jspecify.annotations.NullMarked;
