package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Bytes that a format version was once written as, kept as three files: the source's floats, the
 * payload, the decoded floats, all little endian. A lossy codec can't reproduce its bytes from
 * decoded floats, hence the source.
 *
 * <p>Files lie at {@code golden/v1/PARAMETER/ROW-SIZE.source}, {@code .bytes} and {@code .decoded}
 * beside the test class; {@code PARAMETER} is {@code default} for the empty one. Codecs that share
 * a package have folders {@code golden/NAME/v1}. The system property {@code golden.write=true}
 * writes them anew, to be looked at and committed.
 *
 * @param name what to call it in a failure
 */
@SuppressWarnings("ArrayRecordComponent") // read and compared, never put into a collection by value
public record GoldenCase(String name, float[] source, byte[] bytes, float[] decoded) {
  private static final List<String> NAMES =
      List.of(
          "RAMP-1021", "GAUSSIAN-513", "ONE_HOT-65", "LARGEST_FLOATS-64", "TIES-192", "ZEROS-3");

  /** Whether the files are to be written instead of compared. */
  public static boolean writing() {
    return Boolean.getBoolean("golden.write");
  }

  /** The cases of a format version; fails if one is missing. */
  public static List<GoldenCase> read(Class<?> test, CodecId codec, int version, String parameter) {
    var cases = new ArrayList<GoldenCase>();
    for (String name : NAMES) {
      String path = folder(test, codec, version, parameter) + "/" + name;
      cases.add(
          new GoldenCase(
              test.getSimpleName() + " " + path,
              floats(bytes(test, path + ".source")),
              bytes(test, path + ".bytes"),
              floats(bytes(test, path + ".decoded"))));
    }
    return cases;
  }

  /** Writes the cases of a codec's newest version into the module's sources. */
  public static void write(Class<?> test, TensorCodec codec, String parameter) {
    Path resources = Path.of("src", "test", "resources");
    Path folder =
        resources
            .resolve(test.getPackageName().replace('.', '/'))
            .resolve(folder(test, codec.id(), codec.id().version(), parameter));
    Stream.of(NAMES.toArray(String[]::new)).forEach(name -> writeCase(folder, name, codec));
  }

  private static void writeCase(Path folder, String name, TensorCodec codec) {
    String[] parts = name.split("-", -1);
    float[] source = TensorCorpus.Row.valueOf(parts[0]).values(Integer.parseInt(parts[1]));
    var bytes = new byte[codec.maxEncodedLength(source.length)];
    int length = codec.encode(source, 0, source.length, bytes, 0);
    var decoded = new float[source.length];
    codec.decode(bytes, 0, length, decoded.length, decoded, 0);
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve(name + ".source"), bytes(source));
      Files.write(folder.resolve(name + ".bytes"), java.util.Arrays.copyOf(bytes, length));
      Files.write(folder.resolve(name + ".decoded"), bytes(decoded));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String folder(Class<?> test, CodecId codec, int version, String parameter) {
    String own = test.getPackageName().endsWith("." + codec.name()) ? "" : codec.name() + "/";
    return "golden/" + own + "v" + version + "/" + (parameter.isEmpty() ? "default" : parameter);
  }

  private static byte[] bytes(Class<?> test, String path) {
    URL url = test.getResource(path);
    assertThat(url)
        .as("golden file %s beside %s; write it with -Dgolden.write=true", path, test.getName())
        .isNotNull();
    try {
      return Files.readAllBytes(Path.of(java.util.Objects.requireNonNull(url).toURI()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(float[] values) {
    var buffer = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  private static float[] floats(byte[] bytes) {
    var values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
