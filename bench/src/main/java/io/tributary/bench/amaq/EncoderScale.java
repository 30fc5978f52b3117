package io.tributary.bench.amaq;

/**
 * How large the runs on a pre-trained encoder are: the same for all methods.
 *
 * @param cut layers below the cut
 * @param frozen layers at the bottom without adapters
 * @param rank of the adapters on either side
 * @param batch sentences a step
 * @param length the most tokens of a sentence, longer ones are cut off
 * @param steps steps of training
 * @param epoch steps after which the same sentences come again
 * @param learningRate after a warm-up of {@code warmup} steps, from where a cosine leads to a tenth
 * @param warmup steps of the warm-up
 * @param classes that are told apart
 * @param heldOut sentences on which loss and accuracy are measured
 * @param data a number that stands for both files
 */
record EncoderScale(
    int cut,
    int frozen,
    int rank,
    int batch,
    int length,
    int steps,
    int epoch,
    double learningRate,
    int warmup,
    int classes,
    int heldOut,
    int data) {

  /** Steps of a run that ends in four minutes on one core. */
  static final int STEPS = 400;

  private static final int BATCH = 32;

  /**
   * All sentences come twice, or as often as the training file demands.
   *
   * @param sentences in the training file
   */
  static EncoderScale full(int cut, int steps, int sentences, int classes, int heldOut, int data) {
    int epoch = Math.max(1, Math.min((steps + 1) / 2, sentences / BATCH));
    return new EncoderScale(
        cut, cut - 1, 16, BATCH, 48, steps, epoch, 0.002, steps / 15, classes, heldOut, data);
  }

  /** Shows that everything works; its losses mean nothing. */
  static EncoderScale quick(int cut, int classes, int heldOut, int data) {
    return new EncoderScale(
        cut, cut - 1, 4, 4, 24, 6, 3, 0.002, 2, classes, Math.min(heldOut, 16), data);
  }
}
