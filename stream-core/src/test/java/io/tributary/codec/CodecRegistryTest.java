package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.error.UnsupportedFormatException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CodecRegistryTest {
  private final CodecRegistry registry =
      CodecRegistry.of(
          List.of(new TruncatingProvider(0x0011, "whole"), new TruncatingProvider(7, "seven")));

  @Test
  void listsWhatItReadsByNumber() {
    assertThat(registry.readable())
        .containsExactly(new CodecRange(7, 1, 2), new CodecRange(0x11, 1, 2));
    assertThat(registry.providers())
        .extracting(p -> p.id().name())
        .containsExactly("seven", "whole");
  }

  @Test
  void findsByNumberAndVersion() {
    assertThat(registry.forDecoding(7, 1).id().name()).isEqualTo("seven");
    assertThat(registry.forDecoding(7, 2)).isSameAs(registry.forDecoding(7, 1));
  }

  @Test
  void unknownNumberOrVersionListsWhatIsKnown() {
    for (int[] wanted : new int[][] {{8, 1}, {7, 3}, {7, 0}}) {
      assertThatThrownBy(() -> registry.forDecoding(wanted[0], wanted[1]))
          .isInstanceOf(UnsupportedFormatException.class)
          .hasMessageContaining("seven (0x0007, version 1 to 2)")
          .hasMessageContaining("whole (0x0011, version 1 to 2)");
    }
  }

  @Test
  void findsByTextAndSharesInstances() {
    assertThat(registry.codec("whole:7").id().number()).isEqualTo(0x11);
    assertThat(registry.codec("whole:7")).isSameAs(registry.codec("whole:7+ef"));
    assertThatThrownBy(() -> registry.codec("other"))
        .isInstanceOf(UnsupportedFormatException.class);
    assertThatThrownBy(() -> registry.codec("whole:8"))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTING));
  }

  @Test
  void opensSessionsWithAndWithoutFeedback() {
    assertThat(registry.session("whole", 3)).isInstanceOf(PlainSession.class);
    assertThat(registry.session("whole+ef", 3)).isInstanceOf(ErrorFeedbackSession.class);
  }

  @Test
  void secondClaimOfANumberNamesBoth() {
    assertThatThrownBy(
            () ->
                CodecRegistry.of(
                    List.of(new TruncatingProvider(7, "a"), new OtherProvider(7, "b"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("number 0x0007")
        .hasMessageContaining(TruncatingProvider.class.getName())
        .hasMessageContaining(OtherProvider.class.getName());
  }

  @Test
  void secondClaimOfANameNamesBoth() {
    assertThatThrownBy(
            () ->
                CodecRegistry.of(
                    List.of(new TruncatingProvider(7, "a"), new OtherProvider(8, "a"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("name a")
        .hasMessageContaining(OtherProvider.class.getName());
  }

  @Test
  void codecThatContradictsItsProviderIsRefused() {
    var liar =
        new OtherProvider(7, "a") {
          @Override
          public CodecId id() {
            return new CodecId(9, "liar", 1, 1);
          }
        };
    assertThatThrownBy(() -> CodecRegistry.of(List.of(liar)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("0x0009 liar")
        .hasMessageContaining("0x0007 a");
  }

  @Test
  void codecWithoutDefinitionIsRefused() {
    assertThatThrownBy(
            () -> CodecRegistry.of(List.of(new TruncatingProvider(7, "a").without(Backend.SCALAR))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("lacks the scalar back end");
  }

  @Test
  void textFormIsReadBack() {
    for (String text : List.of("e3m0", "int8block:64", "e3m0+ef", "amaq:2.5+ef")) {
      assertThat(CodecChoice.parse(text)).hasToString(text);
    }
    for (String text : List.of("", "E3M0", "a:", "a+fe", "a b", "a:+ef", "9a")) {
      assertThatThrownBy(() -> CodecChoice.parse(text)).hasMessageContaining("'" + text + "'");
    }
  }

  /** Delegates, to be another class. */
  private static class OtherProvider implements CodecProvider {
    private final TruncatingProvider provider;

    OtherProvider(int number, String name) {
      this.provider = new TruncatingProvider(number, name);
    }

    @Override
    public CodecId id() {
      return provider.id();
    }

    @Override
    public String description() {
      return provider.description();
    }

    @Override
    public Set<Backend> backends() {
      return provider.backends();
    }

    @Override
    public String unusableBecause(Backend backend) {
      return provider.unusableBecause(backend);
    }

    @Override
    public TensorCodec create(Backend backend, String parameter) {
      return provider.create(backend, parameter);
    }
  }
}
