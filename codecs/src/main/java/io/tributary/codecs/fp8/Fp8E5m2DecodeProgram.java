package io.tributary.codecs.fp8;

/** fp8e5m2's decoder for an OpenCL device. */
final class Fp8E5m2DecodeProgram extends Fp8DecodeProgram {
  Fp8E5m2DecodeProgram() {
    super(2);
  }
}
