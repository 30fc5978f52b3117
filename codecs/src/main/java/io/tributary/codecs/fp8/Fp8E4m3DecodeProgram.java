package io.tributary.codecs.fp8;

/** fp8e4m3's decoder for an OpenCL device. */
final class Fp8E4m3DecodeProgram extends Fp8DecodeProgram {
  Fp8E4m3DecodeProgram() {
    super(3);
  }
}
