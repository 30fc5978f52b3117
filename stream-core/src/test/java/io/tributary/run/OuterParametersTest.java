package io.tributary.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class OuterParametersTest {
  /** CRC-32C bit by bit: polynomial 0x1EDC6F41, reflected, as RFC 3720 defines it. */
  private static int crc32c(byte[] bytes) {
    int crc = ~0;
    for (byte b : bytes) {
      crc ^= b & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
      }
    }
    return ~crc;
  }

  private static byte[] littleEndian(OuterParameters theta, List<Integer> tensors) {
    var bytes = new ByteArrayOutputStream();
    for (int tensor : tensors) {
      for (float value : theta.tensor(tensor)) {
        int bits = Float.floatToRawIntBits(value);
        for (int shift = 0; shift < 32; shift += 8) {
          bytes.write(bits >>> shift);
        }
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void theBitwiseChecksumIsTheStandardOne() {
    assertThat(crc32c("123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
        .isEqualTo(0xE3069283);
  }

  @Test
  void checksumAndFingerprintAreThoseOfTheLittleEndianBytes() throws Exception {
    // Longer than one slab of 16384 elements, and not a multiple of it.
    var schema =
        new ModelSchema(
            List.of(
                new TensorSpec("a", List.of(3), TensorRole.NORM, -1, Initializer.constant(2)),
                new TensorSpec(
                    "b", List.of(16_384 + 7), TensorRole.MATRIX, 0, Initializer.normal(1))));
    OuterParameters theta = OuterParameters.initial(schema, 5);
    for (Fragment fragment : FragmentMap.strided(schema, 1).fragments()) {
      assertThat(theta.checksum(fragment))
          .isEqualTo(
              crc32c(
                  littleEndian(
                      theta, fragment.slices().stream().map(TensorSlice::tensor).toList())));
    }
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(littleEndian(theta, List.of(0, 1)));
    assertThat(theta.fingerprint()).isEqualTo(HexFormat.of().formatHex(digest));
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherSeedOthers() {
    ModelSchema schema = TestModels.layered(2);
    String first = OuterParameters.initial(schema, 1).fingerprint();
    assertThat(OuterParameters.initial(schema, 1).fingerprint()).isEqualTo(first);
    assertThat(OuterParameters.initial(schema, 2).fingerprint()).isNotEqualTo(first);
  }

  @Test
  void everyBitChangesTheChecksum() {
    ModelSchema schema = TestModels.layersOnly(1);
    Fragment fragment = FragmentMap.strided(schema, 1).fragment(0);
    OuterParameters theta = OuterParameters.initial(schema, 1);
    int before = theta.checksum(fragment);
    float[] gain = theta.tensor(1).clone();
    gain[2] = Float.intBitsToFloat(Float.floatToRawIntBits(gain[2]) ^ 1);
    theta.set(1, 0, gain, gain.length);
    assertThat(theta.checksum(fragment)).isNotEqualTo(before);
  }
}
