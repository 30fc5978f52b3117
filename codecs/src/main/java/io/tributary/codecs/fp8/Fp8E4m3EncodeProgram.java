package io.tributary.codecs.fp8;

/** fp8e4m3's encoder for an OpenCL device. */
final class Fp8E4m3EncodeProgram extends Fp8EncodeProgram {
  Fp8E4m3EncodeProgram() {
    super(3);
  }
}
