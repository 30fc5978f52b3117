package io.tributary.file.gguf;

import io.tributary.file.WeightTensor;

/**
 * A tensor of a file.
 *
 * @param described for all formats
 * @param type of its blocks
 * @param begin its first byte in the file
 */
record GgufTensor(WeightTensor described, GgmlType type, long begin) {}
