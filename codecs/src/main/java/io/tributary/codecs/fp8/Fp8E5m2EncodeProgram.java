package io.tributary.codecs.fp8;

/** fp8e5m2's encoder for an OpenCL device. */
final class Fp8E5m2EncodeProgram extends Fp8EncodeProgram {
  Fp8E5m2EncodeProgram() {
    super(2);
  }
}
