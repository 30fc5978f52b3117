package io.tributary.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.FloatBits;
import io.tributary.codec.GoldenCase;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedCodecs;
import io.tributary.codec.LearnedPeer;
import io.tributary.codecs.channelwise.CutSamples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All bytes of a short run, as format version 1 was once written: tables, activations, gradients.
 * The system property {@code golden.write=true} writes the files anew. What amaqec sends is left to
 * the files of its entropy coder, whose choices may improve.
 */
class LearnedCodecGoldenTest {
  private static final int CHANNELS = 24;
  private static final int ROWS = 40;
  private static final int MESSAGES = 12;

  private static byte[] bytesOf(String name) {
    var codecs = LearnedCodecs.load(CodecRegistry.load());
    var plan = new CutPlan(CHANNELS, ROWS, 3, 6, 40, 7);
    LearnedCodec owner = codecs.open(name, plan);
    LearnedPeer peer = codecs.openPeer(name, plan);
    var all = new ByteArrayOutputStream();
    var bytes = new byte[owner.maxEncodedLength(ROWS)];
    var values = new float[ROWS * CHANNELS];
    for (int message = 0; message < MESSAGES; message++) {
      CutRows rows = CutRows.ordinary(message, ROWS);
      if (name.equals("aqsgd")) {
        rows = rows.ofSamples(new int[] {message % 3, 3});
      }
      byte[] table = owner.takeTable();
      all.writeBytes(table);
      if (table.length > 0) {
        peer.acceptTable(table, 0, table.length);
      }
      float[] activations = CutSamples.activations(ROWS, CHANNELS, message);
      int length = owner.encode(rows, activations, 0, bytes, 0);
      all.write(bytes, 0, length);
      CutRows came = peer.decode(bytes, 0, length, values, 0);
      length = peer.encodeGradient(came, CutSamples.activations(ROWS, CHANNELS, 99), 0, bytes, 0);
      all.write(bytes, 0, length);
      owner.decodeGradient(rows, bytes, 0, length, values, 0);
      owner.feedback(rows, activations, 0, values, 0);
      owner.update();
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"amaq", "amaq:fixed-sharp", "amaq:variance", "aqsgd", "groupbits:8"})
  void bytesAreAsTheyWere(String name) throws IOException, URISyntaxException {
    String file = "golden/v1/" + name.replace(':', '-') + ".bytes";
    byte[] bytes = bytesOf(name);
    if (GoldenCase.writing()) {
      Path path = Path.of("src", "test", "resources", "io", "tributary", "codecs").resolve(file);
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.write(path, bytes);
      return;
    }
    var url = LearnedCodecGoldenTest.class.getResource(file);
    assertThat(url).as("%s; write it with -Dgolden.write=true", file).isNotNull();
    byte[] expected = Files.readAllBytes(Path.of(Objects.requireNonNull(url).toURI()));
    FloatBits.assertSame(file, bytes, expected);
  }
}
