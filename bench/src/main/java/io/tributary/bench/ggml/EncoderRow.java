package io.tributary.bench.ggml;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.tributary.file.gguf.GgmlType;

/**
 * An encoder and ggml's. Speeds are medians and count bytes of float32, in GB of 10^9, on one
 * thread, from memory to memory.
 *
 * @param type of the blocks
 * @param gbS ours
 * @param ggmlGbS ggml's
 * @param timesGgml how many times as fast ours is
 * @param error the squared error over the squared values
 * @param ggmlError the same of ggml's
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record EncoderRow(
    GgmlType type, double gbS, double ggmlGbS, double timesGgml, double error, double ggmlError) {}
