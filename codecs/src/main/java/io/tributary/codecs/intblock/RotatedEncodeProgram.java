package io.tributary.codecs.intblock;

/** The encoder of rotated blocks for an OpenCL device: rotates and quantizes in one go. */
final class RotatedEncodeProgram extends IntBlockEncodeProgram {
  RotatedEncodeProgram() {
    super(true);
  }
}
