package io.tributary.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
  private static final Duration LIFE = Duration.ofDays(2);

  @TempDir Path folder;

  @Test
  void aProcessGetsAFolderThatCanBeCopied() throws IOException {
    Path node = CertificateAuthority.create(folder).issue("edge-7", Set.of(Role.CONTRIBUTE), LIFE);

    assertThat(NodeKeys.read(node).identity().name()).isEqualTo("edge-7");
    assertThat(NodeKeys.read(node).identity().roles()).containsExactly(Role.CONTRIBUTE);
    assertThat(NodeKeys.read(node).certificate().getNotAfter())
        .isBefore(NodeKeys.read(node).authority().getNotAfter());
    try (var files = Files.list(node)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("ca.crt", "node.crt", "node.key");
    }
  }

  @Test
  void onlyTheirOwnerReadsKeys() throws IOException {
    CertificateAuthority.create(folder).issue("a", Set.of(Role.READ), LIFE);

    for (String key : new String[] {"ca.key", "a/node.key"}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(key))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void anAuthorityIsNeverOverwritten() throws IOException {
    CertificateAuthority.create(folder);
    String before = Files.readString(folder.resolve("ca.key"));

    fails(() -> CertificateAuthority.create(folder), "never overwritten");

    assertThat(Files.readString(folder.resolve("ca.key"))).isEqualTo(before);
  }

  @Test
  void namesAreNoPaths() {
    CertificateAuthority authority = CertificateAuthority.create(folder);

    for (String name : new String[] {"", "../a", "a/b", ".", "a\nb", "x".repeat(65)}) {
      assertThatThrownBy(() -> authority.issue(name, Set.of(), LIFE))
          .isInstanceOf(TributaryException.class)
          .hasMessageContaining("letters, digits");
    }
  }

  @Test
  void revocationsAddUpAndReachTheCoordinator() {
    CertificateAuthority authority = CertificateAuthority.create(folder);
    authority.issue("coordinator", Set.of(Role.COORDINATE), LIFE);
    Path first = authority.issue("a", Set.of(Role.CONTRIBUTE), LIFE);
    var old = NodeKeys.read(first).identity().serial();
    CertificateAuthority.open(folder).revoke("a");
    authority.issue("a", Set.of(Role.CONTRIBUTE), LIFE);
    var next = NodeKeys.read(first).identity().serial();
    assertThat(next).isNotEqualTo(old);
    CertificateAuthority.open(folder).revoke("a");

    assertThat(NodeKeys.read(folder.resolve("coordinator")).revoked())
        .containsExactlyInAnyOrder(old, next);
  }

  @Test
  void whatIsNotWhatItShouldBeIsNamedAndTheKeyIsNotShown() throws IOException {
    CertificateAuthority authority = CertificateAuthority.create(folder);
    Path node = authority.issue("a", Set.of(Role.CONTRIBUTE), LIFE);
    String secret = Files.readString(node.resolve("node.key"));

    Files.writeString(node.resolve("node.key"), secret.substring(0, 60));
    fails(() -> NodeKeys.read(node), "node.key");
    assertThatThrownBy(() -> NodeKeys.read(node)).hasMessageNotContaining(secret.substring(30, 50));

    Files.writeString(node.resolve("node.key"), secret);
    Files.writeString(node.resolve("revoked"), "12\nxyz\n");
    fails(() -> NodeKeys.read(node), "xyz");

    Files.delete(node.resolve("revoked"));
    Files.copy(
        CertificateAuthority.create(folder.resolve("other"))
            .issue("b", Set.of(), LIFE)
            .resolve("ca.crt"),
        node.resolve("ca.crt"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    fails(() -> NodeKeys.read(node), "node.crt");

    Files.write(node.resolve("node.crt"), new byte[2 << 20]);
    fails(() -> NodeKeys.read(node), "at most 1048576 bytes");

    Files.delete(node.resolve("node.crt"));
    fails(() -> NodeKeys.read(node), "node.crt");
    fails(() -> CertificateAuthority.open(folder.resolve("nowhere")), "keys init");
  }

  private static void fails(Runnable what, String text) {
    assertThatThrownBy(what::run)
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
        .hasMessageContaining(text);
  }
}
