package io.tributary.bench.diloco.utilization;

/** The five methods of table 4 of Streaming DiLoCo (arXiv 2501.18512), in its order. */
enum SimulatedMethod {
  /** Every layer's gradient is reduced in every step. */
  DATA_PARALLEL("DP", 16, 0),
  /** The whole model is exchanged every H steps; the next forward pass waits for it. */
  DILOCO("DiLoCo", 16, 0),
  /** One fragment of strided layers at a time; the next forward pass waits for it. */
  STREAMING("Streaming", 16, 0),
  /** The same, with one step of delay until the fragment must be there. */
  OVERLAPPED("Streaming overlapped", 16, 1),
  /** The same in 4 bits. */
  OVERLAPPED_FP4("Streaming overlapped FP4", 4, 1);

  private final String title;
  private final int bits;
  private final int delay;

  SimulatedMethod(String title, int bits, int delay) {
    this.title = title;
    this.bits = bits;
    this.delay = delay;
  }

  /** The name in tables. */
  String title() {
    return title;
  }

  /** Bits that an exchange takes for each parameter. */
  int bits() {
    return bits;
  }

  /** Whole inner steps that pass before an exchanged layer is waited for. */
  int delay() {
    return delay;
  }

  /** Whether a layer is exchanged after a step, both counted from 0. */
  boolean exchanges(int layer, int step, int interval, int fragments) {
    return switch (this) {
      case DATA_PARALLEL -> true;
      case DILOCO -> step % interval == 0;
      case STREAMING, OVERLAPPED, OVERLAPPED_FP4 -> {
        int offset = (int) ((long) (layer % fragments) * interval / fragments);
        yield (step - offset) % interval == 0;
      }
    };
  }
}
