package io.tributary.bench.amaq;

import io.tributary.agent.trainer.BertBundle;
import io.tributary.agent.trainer.BertWeightFile;
import io.tributary.agent.trainer.EncoderWeights;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.weights.token.Tokenizer;
import io.tributary.weights.token.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A pre-trained encoder with its vocabulary, out of a jar: all-MiniLM-L6-v2 as ONNX, or BERT as a
 * saved model of TensorFlow.
 *
 * @param weights of the encoder
 * @param tokenizer its vocabulary
 */
record PretrainedEncoder(EncoderWeights weights, Tokenizer tokenizer) {
  private static final String WEIGHTS = "all-minilm-l6-v2.onnx";
  private static final String VOCABULARY = "all-minilm-l6-v2-tokenizer.json";
  private static final int HEADS = 12;
  private static final long MOST_BYTES = 256L << 20;
  private static final int PIECE = 1 << 16;

  /**
   * Reads a jar with BERT, whose heads are 64 wide.
   *
   * @throws TributaryException {@code STORAGE} if it can't be read or isn't what it should be
   */
  static PretrainedEncoder readBert(Path jar) {
    try (WeightFile file = WeightFormats.load().open(jar)) {
      return new PretrainedEncoder(BertBundle.read(file), Tokenizers.open(jar));
    }
  }

  /**
   * Reads a jar with all-MiniLM-L6-v2.
   *
   * @throws TributaryException {@code STORAGE} if it can't be read or isn't what it should be
   */
  static PretrainedEncoder readMiniLm(Path jar) {
    try (ZipFile archive = new ZipFile(jar.toFile())) {
      Path folder = Files.createTempDirectory("tributary-");
      Path weights = folder.resolve(WEIGHTS);
      Path vocabulary = folder.resolve(VOCABULARY);
      try {
        unpack(jar, archive, WEIGHTS, weights);
        unpack(jar, archive, VOCABULARY, vocabulary);
        try (WeightFile file = WeightFormats.load().open(weights)) {
          return new PretrainedEncoder(
              BertWeightFile.read(file, HEADS), Tokenizers.open(vocabulary));
        }
      } finally {
        Files.deleteIfExists(weights);
        Files.deleteIfExists(vocabulary);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw Errors.storage(jar, "can't unpack", e);
    }
  }

  private static void unpack(Path jar, ZipFile archive, String name, Path file) throws IOException {
    ZipEntry entry = archive.getEntry(name);
    if (entry == null) {
      throw new TributaryException(
          ErrorCode.STORAGE, jar + ": expected an entry " + name + ", found none");
    }
    long left = MOST_BYTES;
    var piece = new byte[PIECE];
    try (InputStream in = archive.getInputStream(entry);
        OutputStream out = Files.newOutputStream(file)) {
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        left -= count;
        if (left < 0) {
          throw new TributaryException(
              ErrorCode.STORAGE,
              jar + ", entry " + name + ": expected at most " + MOST_BYTES + " bytes, found more");
        }
        out.write(piece, 0, count);
      }
    }
  }

  /** A sentence's tokens, its beginning and its end among them, at most so many. */
  int[] tokens(String sentence, int most) {
    int[] inner = tokenizer.encode(sentence);
    int count = Math.min(inner.length, most - 2);
    var tokens = new int[count + 2];
    tokens[0] = tokenizer.beginning().orElseThrow();
    System.arraycopy(inner, 0, tokens, 1, count);
    tokens[count + 1] = tokenizer.end().orElseThrow();
    return tokens;
  }
}
