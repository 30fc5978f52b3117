package io.tributary.codec;

/** Where a codec's arithmetic runs. All back ends of a codec give the same bits. */
public enum Backend {
  /** Plain Java: the definition. */
  SCALAR,
  /** The incubating Vector API. */
  SIMD,
  /** OpenCL through Aparapi. */
  GPU
}
