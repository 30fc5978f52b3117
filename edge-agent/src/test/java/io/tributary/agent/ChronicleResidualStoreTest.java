package io.tributary.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleResidualStoreTest {
  private static final int MIB = 1 << 20;

  /** Around the length of a piece, which is that of the longest but at most one MiB. */
  private static final List<Integer> LENGTHS =
      List.of(0, 1, 100, MIB - 1, MIB, MIB + 1, 3 * MIB, 3 * MIB + 7);

  @TempDir private Path folder;

  private static byte[] bytes(int length, int seed) {
    var bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void put(ChronicleResidualStore store, int tensor, int generation, byte[] bytes)
      throws IOException {
    try (OutputStream out = store.write(tensor, generation)) {
      out.write(bytes, 0, bytes.length / 3);
      out.write(bytes, bytes.length / 3, bytes.length - bytes.length / 3);
    }
  }

  private static byte[] get(ChronicleResidualStore store, int tensor, int generation)
      throws IOException {
    try (InputStream in = store.read(tensor, generation)) {
      return in.readAllBytes();
    }
  }

  private static void putAll(ChronicleResidualStore store, int generation) throws IOException {
    for (int t = 0; t < LENGTHS.size(); t++) {
      put(store, t, generation, bytes(LENGTHS.get(t), t * 100 + generation));
    }
  }

  private static void checkAll(ChronicleResidualStore store, int generation) throws IOException {
    for (int t = 0; t < LENGTHS.size(); t++) {
      assertThat(
              Arrays.equals(get(store, t, generation), bytes(LENGTHS.get(t), t * 100 + generation)))
          .as("tensor %d, generation %d", t, generation)
          .isTrue();
    }
  }

  private static Map<Integer, Integer> all(int generation) {
    var generations = new HashMap<Integer, Integer>();
    for (int t = 0; t < LENGTHS.size(); t++) {
      generations.put(t, generation);
    }
    return generations;
  }

  @Test
  void generationsLieBesideEachOtherUntilTheOldOneGoes() throws IOException {
    try (ChronicleResidualStore store = ChronicleResidualStore.open(folder, LENGTHS)) {
      // Many more generations than there is room for: old ones give theirs back.
      for (int generation = 1; generation <= 12; generation++) {
        putAll(store, generation);
        if (generation > 1) {
          checkAll(store, generation - 1);
        }
        store.force();
        store.keepOnly(all(generation));
        checkAll(store, generation);
        int old = generation - 1;
        assertThatThrownBy(() -> get(store, 7, old)).isInstanceOf(EOFException.class);
      }
    }
    try (ChronicleResidualStore store = ChronicleResidualStore.open(folder, LENGTHS)) {
      checkAll(store, 12);
      store.keepOnly(Map.of(3, 12));
      assertThat(get(store, 3, 12)).hasSize(LENGTHS.get(3));
      assertThatThrownBy(() -> get(store, 4, 12)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void largeNumbersKeepApart() throws IOException {
    try (ChronicleResidualStore store = ChronicleResidualStore.open(folder, List.of(8, 8, 8, 8))) {
      int[][] keys = {{0, 1}, {65_535, 1}, {0, Integer.MAX_VALUE}, {65_535, Integer.MAX_VALUE}};
      for (int i = 0; i < keys.length; i++) {
        put(store, keys[i][0], keys[i][1], bytes(8, i));
      }
      for (int i = 0; i < keys.length; i++) {
        assertThat(get(store, keys[i][0], keys[i][1])).isEqualTo(bytes(8, i));
      }
      store.keepOnly(Map.of(65_535, Integer.MAX_VALUE));
      assertThat(get(store, 65_535, Integer.MAX_VALUE)).isEqualTo(bytes(8, 3));
      assertThatThrownBy(() -> get(store, 65_535, 1)).isInstanceOf(EOFException.class);
      assertThatThrownBy(() -> get(store, 0, Integer.MAX_VALUE)).isInstanceOf(EOFException.class);
    }
  }

  /** The file as a killed process leaves it: the map was never closed. */
  @Test
  void aMapThatWasNotClosedIsRecovered() throws IOException {
    Path killed = Files.createDirectories(folder.resolve("killed"));
    Path first = Files.createDirectories(folder.resolve("first"));
    try (ChronicleResidualStore store = ChronicleResidualStore.open(first, LENGTHS)) {
      putAll(store, 1);
      store.force();
      Files.copy(first.resolve("residuals.chm"), killed.resolve("residuals.chm"));
    }
    try (ChronicleResidualStore store = ChronicleResidualStore.open(killed, LENGTHS)) {
      checkAll(store, 1);
      putAll(store, 2);
      checkAll(store, 2);
    }
    assertThat(killed.resolve("residuals.chm.damaged")).doesNotExist();
    try (ChronicleResidualStore store = ChronicleResidualStore.open(killed, LENGTHS)) {
      checkAll(store, 2);
    }
  }

  @Test
  void whatIsNoMapIsSetAside() throws IOException {
    Path file = folder.resolve("residuals.chm");
    ChronicleResidualStore.open(folder, LENGTHS).close();
    byte[] good = Files.readAllBytes(file);
    for (byte[] bad :
        List.of(
            new byte[0],
            "something else".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            Arrays.copyOf(good, 100))) {
      for (boolean marked : new boolean[] {true, false}) {
        Files.write(file, bad);
        Files.deleteIfExists(folder.resolve("residuals.chm.clean"));
        if (marked) {
          Files.createFile(folder.resolve("residuals.chm.clean"));
        }
        try (ChronicleResidualStore store = ChronicleResidualStore.open(folder, LENGTHS)) {
          putAll(store, 1);
          checkAll(store, 1);
        }
      }
    }
    ChronicleResidualStore.delete(folder);
    assertThat(file).doesNotExist();
  }
}
