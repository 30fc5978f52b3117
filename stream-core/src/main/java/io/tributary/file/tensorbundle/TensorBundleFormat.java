package io.tributary.file.tensorbundle;

import io.tributary.error.Errors;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Bundles of TensorFlow, by their file of names or by an archive of a saved model, whose variables
 * are unpacked to temporary files that go as soon as they are open.
 */
public final class TensorBundleFormat implements WeightFormat {
  @Override
  public String name() {
    return "tensorflow";
  }

  @Override
  public boolean recognises(Path path, ByteBuffer beginning) {
    return beginning.remaining() >= Integer.BYTES
        && (path.toString().endsWith(TensorBundleFile.SUFFIX) || isArchive(beginning));
  }

  private static boolean isArchive(ByteBuffer beginning) {
    var magic = new byte[Integer.BYTES];
    beginning.get(0, magic);
    return SavedModelArchive.recognises(magic);
  }

  @Override
  public WeightFile open(Path path) {
    return path.toString().endsWith(TensorBundleFile.SUFFIX)
        ? new TensorBundleFile(path)
        : unpacked(path);
  }

  private static TensorBundleFile unpacked(Path archive) {
    try {
      Path folder = Files.createTempDirectory("tributary-");
      try {
        return new TensorBundleFile(SavedModelArchive.unpackVariables(archive, folder));
      } finally {
        // What is mapped stays readable.
        try (var files = Files.newDirectoryStream(folder)) {
          for (Path file : files) {
            Files.delete(file);
          }
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw Errors.storage(archive, "can't unpack", e);
    }
  }
}
