package io.tributary.codecs.internal;

/**
 * Where an OpenCL program ran.
 *
 * @param program the program's class
 * @param device the device's name
 * @param onAccelerator whether the device is a GPU or another accelerator, and not the processor
 */
public record GpuExecution(Class<?> program, String device, boolean onAccelerator) {}
