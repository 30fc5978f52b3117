package io.tributary.weights.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A small model with random weights as llama2.c's file, and a vocabulary for it. */
public final class SmallLlama {
  /** Its width. */
  public static final int DIM = 8;

  /** The width of its feed-forward layers. */
  public static final int HIDDEN = 12;

  /** Its layers. */
  public static final int LAYERS = 2;

  /** Its heads of queries. */
  public static final int HEADS = 4;

  /** Its heads of keys and values. */
  public static final int KV_HEADS = 2;

  /** Its tokens: three that are no text, the bytes, and a space. */
  public static final int VOCABULARY = 260;

  /** Its context. */
  public static final int CONTEXT = 16;

  private SmallLlama() {}

  /** Writes {@code model.bin} and {@code tok260.bin} into a folder, and returns the first. */
  public static Path write(Path folder, long seed) throws IOException {
    int kv = DIM / HEADS * KV_HEADS;
    int matrices = 2 * DIM * DIM + 2 * kv * DIM + 3 * DIM * HIDDEN;
    int values = VOCABULARY * DIM + LAYERS * (2 * DIM + matrices) + DIM + CONTEXT * DIM / HEADS;
    ByteBuffer bytes = ByteBuffer.allocate(28 + 4 * values).order(ByteOrder.LITTLE_ENDIAN);
    for (int number : new int[] {DIM, HIDDEN, LAYERS, HEADS, KV_HEADS, VOCABULARY, CONTEXT}) {
      bytes.putInt(number);
    }
    var random = new Random(seed);
    while (bytes.hasRemaining()) {
      bytes.putFloat((float) (0.5 * random.nextGaussian()));
    }
    Path model = Files.write(folder.resolve("model.bin"), bytes.array());
    ByteBuffer pieces = ByteBuffer.allocate(8000).order(ByteOrder.LITTLE_ENDIAN).putInt(6);
    for (int i = 0; i < VOCABULARY; i++) {
      byte[] piece = (i < VOCABULARY - 1 ? "<0x" + i : " ").getBytes(StandardCharsets.UTF_8);
      pieces.putFloat(0).putInt(piece.length).put(piece);
    }
    var tokenizer = new byte[pieces.position()];
    pieces.flip().get(tokenizer);
    Files.write(folder.resolve("tok260.bin"), tokenizer);
    return model;
  }
}
