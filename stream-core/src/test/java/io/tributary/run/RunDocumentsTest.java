package io.tributary.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunDocumentsTest {
  private static final JoinRequest JOIN =
      new JoinRequest("agent-1", null, List.of(), "hash", TestModels.layered(1));

  private static String text(Record document) {
    return new String(RunDocuments.toBytes(document), StandardCharsets.UTF_8);
  }

  private static <T extends Record> T read(String text, Class<T> type) {
    return RunDocuments.fromBytes(text.getBytes(StandardCharsets.UTF_8), type);
  }

  @Test
  void recordsAreReadAsTheyWereWritten() {
    RunManifest manifest = TestModels.manifest(3, 2);
    var reply = new JoinReply(manifest, 1, true, List.of(1, 2, 3), List.of(1, 2, 4));
    List<Integer> applied = List.of(0, 1, 2);
    var again =
        new JoinRequest("b", manifest.run(), applied, "h", manifest.schema(), "e3m0", 1L << 40);
    for (Record document :
        List.of(
            JOIN,
            again,
            manifest,
            reply,
            new AgentProgress(7, 0.1 + 0.2, 1L << 40, 3),
            new AgentProgress(7, Double.NaN, 0, 0),
            new CodecNotice(1, 2, "ecq:2b", "because"),
            new ModelRequest(null),
            new ModelRequest("base.trib"),
            new ModelOffer("base.trib", 1L << 40, "0a".repeat(32)),
            new AgentFinish("ab"))) {
      assertThat(RunDocuments.fromBytes(RunDocuments.toBytes(document), document.getClass()))
          .isEqualTo(document);
    }
  }

  @Test
  void floatsKeepTheirBits() {
    var random = new Random(11);
    for (int i = 0; i < 300; i++) {
      float mixing = random.nextFloat();
      RunManifest m = TestModels.manifest(1, 1);
      var manifest =
          new RunManifest(
              RunManifest.FORMAT,
              m.run(),
              random.nextLong(),
              1,
              1,
              12,
              new ExchangeInterval(6, 7),
              FragmentOrder.SEQUENTIAL,
              2,
              1,
              mixing,
              random.nextFloat(),
              "nesterov:0.4,0.9",
              "none",
              "raw32",
              "raw32",
              m.schema());
      assertThat(RunDocuments.fromBytes(RunDocuments.toBytes(manifest), RunManifest.class))
          .isEqualTo(manifest);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "7",
        "{}",
        "{\"step\":1,\"loss\":1,\"bytesUp\":1}",
        "{\"step\":1,\"loss\":1,\"bytesUp\":1,\"bytesDown\":1,\"more\":1}",
        "{\"step\":1,\"step\":2,\"loss\":1,\"bytesUp\":1,\"bytesDown\":1}",
        "{\"step\":null,\"loss\":1,\"bytesUp\":1,\"bytesDown\":1}",
        "{\"step\":1.5,\"loss\":1,\"bytesUp\":1,\"bytesDown\":1}",
        "{\"step\":\"1\",\"loss\":1,\"bytesUp\":1,\"bytesDown\":1}",
        "{\"step\":true,\"loss\":1,\"bytesUp\":1,\"bytesDown\":1}",
        "{\"step\":99999999999,\"loss\":1,\"bytesUp\":1,\"bytesDown\":1}",
        "{\"step\":123456789012345678901234567890123,\"loss\":1,\"bytesUp\":1,\"bytesDown\":1}",
        "{\"step\":1,\"loss\":1,\"bytesUp\":1,\"bytesDown\":1} {}",
        "{\"step\":[[[[[[[[[1]]]]]]]]],\"loss\":1,\"bytesUp\":1,\"bytesDown\":1}",
      })
  void whatIsNoProgressIsRefused(String text) {
    refused(text, AgentProgress.class, ErrorCode.MALFORMED);
  }

  @Test
  void nullsAreRefusedWhereTheRecordHasNone() {
    String good = text(JOIN);
    assertThat(read(good, JoinRequest.class)).isEqualTo(JOIN);
    refused(good.replace("\"agent-1\"", "null"), JoinRequest.class, ErrorCode.MALFORMED);
    refused(good.replace("\"hash\"", "null"), JoinRequest.class, ErrorCode.MALFORMED);
    refused(
        good.replace("\"applied\":[]", "\"applied\":null"), JoinRequest.class, ErrorCode.MALFORMED);
    refused(
        good.replace("\"startMillis\":0", "\"startMillis\":1e9999"),
        JoinRequest.class,
        ErrorCode.MALFORMED);
    refused(
        good.replace("\"applied\":[]", "\"applied\":[null]"),
        JoinRequest.class,
        ErrorCode.MALFORMED);
    refused(
        good.replaceFirst("\"schema\":\\{.*}", "\"schema\":null}"),
        JoinRequest.class,
        ErrorCode.MALFORMED);
    refused(good.replace("\"embedding\"", "null"), JoinRequest.class, ErrorCode.MALFORMED);
    refused(good.replace("\"EMBEDDING\"", "null"), JoinRequest.class, ErrorCode.MALFORMED);
    refused("{\"fingerprint\":null}", AgentFinish.class, ErrorCode.MALFORMED);
  }

  @Test
  void enumsTravelByNameOnly() {
    String good = text(JOIN);
    refused(good.replace("\"EMBEDDING\"", "0"), JoinRequest.class, ErrorCode.MALFORMED);
    refused(good.replace("\"EMBEDDING\"", "\"OTHER\""), JoinRequest.class, ErrorCode.MALFORMED);
  }

  @Test
  void aValueThatARecordRefusesKeepsItsCode() {
    String good = text(JOIN);
    refused(good.replace("[17,5]", "[17,-5]"), JoinRequest.class, ErrorCode.INVALID_SETTING);
    refused(good.replace("[17,5]", "[65536,65536]"), JoinRequest.class, ErrorCode.INVALID_SETTING);
    refused(
        good.replace("\"norm\"", "\"embedding\""), JoinRequest.class, ErrorCode.INVALID_SETTING);
    refused(
        text(TestModels.manifest(2, 2)).replace("\"quorum\":2", "\"quorum\":3"),
        RunManifest.class,
        ErrorCode.INVALID_SETTING);
  }

  @Test
  void textsHaveALimit() {
    String good = text(JOIN);
    refused(good.replace("agent-1", "a".repeat(5000)), JoinRequest.class, ErrorCode.MALFORMED);
  }

  @Test
  void anyBytesGiveADeclaredErrorOrARecord() {
    byte[] good = RunDocuments.toBytes(JOIN);
    var random = new Random(23);
    for (int i = 0; i < 5000; i++) {
      byte[] bytes = good.clone();
      for (int flips = random.nextInt(3) + 1; flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(RunDocuments.fromBytes(bytes, JoinRequest.class).agent()).isNotNull();
      } catch (TributaryException e) {
        assertThat(e.code()).isIn(ErrorCode.MALFORMED, ErrorCode.INVALID_SETTING);
      }
    }
  }

  private static void refused(String text, Class<? extends Record> type, ErrorCode code) {
    assertThatThrownBy(() -> read(text, type))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(Errors.codeOf(e)).isEqualTo(code));
  }

  @Test
  void aManifestOfAnotherFormatIsTooOldOrTooNewWhateverElseItHolds() {
    RunManifest manifest = TestModels.manifest(2, 2);
    var reply = new JoinReply(manifest, 1, true, List.of(1, 2, 3), List.of(1, 2, 4));
    String now = "\"format\":" + RunManifest.FORMAT + ",";
    for (Record document : List.of(manifest, reply)) {
      String old = text(document).replace(now, "\"format\":3,").replace("guard", "watch");
      assertThatThrownBy(() -> read(old, document.getClass()))
          .isInstanceOfSatisfying(
              TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_OLD))
          .hasMessage("run manifest is too old: expected a version from 4 to 4, found 3");
      refused(text(document).replace(now, "\"format\":5,"), document.getClass(), ErrorCode.TOO_NEW);
      for (String none : List.of("\"format\":\"4\",", "\"format\":null,", "\"format\":4.5,", "")) {
        refused(text(document).replace(now, none), document.getClass(), ErrorCode.MALFORMED);
      }
    }
  }
}
