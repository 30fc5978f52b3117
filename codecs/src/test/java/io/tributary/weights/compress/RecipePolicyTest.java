package io.tributary.weights.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import io.tributary.file.WeightTensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipePolicyTest {
  private static String choice(String policy, String name, long... shape) {
    List<Long> extents = java.util.Arrays.stream(shape).boxed().toList();
    return RecipePolicy.parse(policy).choose(new WeightTensor(name, "F32", extents, 1)).toString();
  }

  @Test
  void aRecipeAloneIsForMatricesButThoseAtTheEdges() {
    String policy = "rtn:4,g=128";
    assertThat(choice(policy, "b.0.q.weight", 384, 384)).isEqualTo(policy);
    assertThat(choice(policy, "b.0.n1", 384)).isEqualTo("plain");
    assertThat(choice(policy, "scalar")).isEqualTo("plain");
    assertThat(choice(policy, "conv", 100, 3)).isEqualTo("plain");
    for (String name :
        List.of(
            "e.weight", "model.embed_tokens.weight", "wte", "lm_head.weight", "output.weight")) {
      assertThat(choice(policy, name, 4096, 384)).as(name).isEqualTo("plain");
    }
    assertThat(choice("*=rtn:4,g=128", "e.weight", 4096, 384)).isEqualTo(policy);
  }

  @Test
  void theFirstRuleThatMatchesWins() {
    String policy = "b.0.*=rtn:8,g=64; *.o.*[<1000]=plain; *.o.*=gptq:3,g=32; rtn:4,g=128";
    assertThat(choice(policy, "b.0.o.weight", 10, 32)).isEqualTo("rtn:8,g=64");
    assertThat(choice(policy, "b.1.o.weight", 10, 32)).isEqualTo("plain");
    assertThat(choice(policy, "b.1.o.weight", 100, 32)).isEqualTo("gptq:3,g=32");
    assertThat(choice(policy, "b.1.q.weight", 100, 32)).isEqualTo("rtn:4,g=128");
    assertThat(RecipePolicy.parse(policy).isCalibrated()).isTrue();
    assertThat(RecipePolicy.parse("rtn:4").isCalibrated()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'b.*=rtn:4', a last rule for all other tensors", "'*=rtm:4', one of ",
    "'a=rtn:4;', NAME or NAME:NUMBER", "'*[<x]=rtn:4', NAME or NAME:NUMBER",
    "'*[<9]=rtn:4', a last rule for all other tensors", "'', NAME or NAME:NUMBER"
  })
  void aWrongPolicyIsOneClearError(String policy, String message) {
    assertThatThrownBy(() -> RecipePolicy.parse(policy))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining(message);
  }
}
