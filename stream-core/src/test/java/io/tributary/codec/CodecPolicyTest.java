package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodecPolicyTest {
  private final CodecRegistry registry =
      CodecRegistry.of(
          List.of(new TruncatingProvider(7, "whole"), new TruncatingProvider(8, "half")));

  @Test
  void nameAloneHoldsForEveryTensor() {
    CodecPolicy policy = CodecPolicy.parse("whole+ef", registry);
    assertThat(choice(policy, "anything", TensorRole.BIAS, 3)).isEqualTo("whole+ef");
    assertThat(policy).hasToString("whole+ef");
  }

  @Test
  void firstRuleThatMatchesWins() {
    CodecPolicy policy =
        CodecPolicy.parse(
            "block.?.norm.*=half, role:embedding=whole:7, *[<100]=half:7, role:bias[>=200]=half+ef,"
                + " *=whole+ef",
            registry);
    assertThat(choice(policy, "block.2.norm.gain", TensorRole.NORM, 500)).isEqualTo("half");
    assertThat(choice(policy, "block.12.norm.gain", TensorRole.NORM, 500)).isEqualTo("whole+ef");
    assertThat(choice(policy, "table", TensorRole.EMBEDDING, 10)).isEqualTo("whole:7");
    assertThat(choice(policy, "small", TensorRole.MATRIX, 99)).isEqualTo("half:7");
    assertThat(choice(policy, "large", TensorRole.MATRIX, 100)).isEqualTo("whole+ef");
    assertThat(choice(policy, "large", TensorRole.BIAS, 200)).isEqualTo("half+ef");
    assertThat(choice(policy, "large", TensorRole.BIAS, 199)).isEqualTo("whole+ef");
  }

  @Test
  void globTakesOtherCharactersLiterally() {
    CodecPolicy policy = CodecPolicy.parse("a.b=half,*=whole", registry);
    assertThat(choice(policy, "a.b", TensorRole.MATRIX, 1)).isEqualTo("half");
    assertThat(choice(policy, "axb", TensorRole.MATRIX, 1)).isEqualTo("whole");
  }

  @Test
  void wrongRulesAreRefusedWhenRead() {
    refused("", ErrorCode.INVALID_SETTING, "''");
    refused("whole,", ErrorCode.INVALID_SETTING, "''");
    refused("a=whole", ErrorCode.INVALID_SETTING, "last rule");
    refused("*[<9]=whole", ErrorCode.INVALID_SETTING, "last rule");
    refused("role:bias=whole", ErrorCode.INVALID_SETTING, "last rule");
    refused("*[<=9]=half, *=whole", ErrorCode.INVALID_SETTING, "*[<=9]=half");
    refused("role:weights=half, *=whole", ErrorCode.INVALID_SETTING, "matrix, embedding");
    refused("a=other, *=whole", ErrorCode.UNKNOWN_CODEC, "half (0x0008");
    refused("a=half:8, *=whole", ErrorCode.INVALID_SETTING, "8");
  }

  private void refused(String text, ErrorCode code, String part) {
    assertThatThrownBy(() -> CodecPolicy.parse(text, registry))
        .isInstanceOfSatisfying(TributaryException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(part);
  }

  private static String choice(CodecPolicy policy, String name, TensorRole role, int elements) {
    var tensor = new TensorSpec(name, List.of(elements), role, -1, Initializer.constant(0));
    return policy.choose(tensor).toString();
  }
}
