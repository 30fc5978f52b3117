package io.tributary.rules;

import static io.tributary.rules.ProjectModule.CLASSES;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import io.tributary.codec.Backend;
import io.tributary.codec.CodecBackends;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.LearnedCodecProvider;
import io.tributary.codec.LearnedCodecs;
import io.tributary.config.Setting;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The pages that are made from the code. */
class GeneratedDocumentsTest {
  private static final String SWITCH = "docs.write";
  private static final String NOTICE = "<!-- Generated from the code; a test compares it. -->\n\n";

  @Test
  void configurationPageIsCurrent() throws IllegalAccessException {
    var text = new StringBuilder("# Settings\n\n").append(NOTICE);
    text.append(
        """
        Each setting is a system property of the JVM. The launcher passes them on:

            TRIBUTARY_JAVA_OPTIONS="-Dtributary.NAME=VALUE" ./tributary COMMAND

        A value out of bounds ends the start with `error [INVALID_SETTING]`. Options of commands are
        explained by `./tributary COMMAND --help`.
        """);
    var names = new HashSet<String>();
    for (ProjectModule module : ProjectModule.values()) {
      List<Setting<?>> settings = settings(module);
      if (settings.isEmpty()) {
        continue;
      }
      text.append("\n## ").append(module.folder()).append("\n\n");
      text.append("| setting | default | allowed | what it does |\n|---|---|---|---|\n");
      for (Setting<?> setting : settings) {
        assertThat(names.add(setting.name())).as("two settings named " + setting.name()).isTrue();
        text.append(
            row(
                "`" + setting.property() + "`",
                shown(setting.defaultValue()),
                setting.bounds(),
                setting.sentence()));
      }
    }
    GeneratedDocument.check("docs/configuration.md", SWITCH, text.toString());
  }

  @Test
  void codecPageIsCurrent() {
    var text = new StringBuilder("# Codecs\n\n").append(NOTICE);
    text.append(
        """
        A policy names a codec by its name, with its parameter behind a colon. On the wire it is its
        number and the version of its format. All back ends of a codec give the same bits. The size
        is that of one element in a run of 65,536 with the default parameter, side information
        included.

        """);
    text.append("| codec | number | reads, writes | back ends | bits | what it is |\n");
    text.append("|---|---|---|---|---|---|\n");
    var providers = new ArrayList<CodecProvider>();
    ServiceLoader.load(CodecProvider.class).forEach(providers::add);
    providers.sort(Comparator.comparing(provider -> provider.id().number()));
    for (CodecProvider provider : providers) {
      CodecId id = provider.id();
      text.append(
          row(
              "`" + id.name() + "`",
              String.format(Locale.ROOT, "0x%04x", id.number()),
              id.oldest() == id.version()
                  ? "version " + id.version()
                  : "versions " + id.oldest() + " to " + id.version(),
              backends(provider),
              String.format(
                  Locale.ROOT, "%.2f", provider.create(Backend.SCALAR, "").bitsPerElement(1 << 16)),
              provider.description()));
    }
    text.append(
        """

        ## Across a cut

        Codecs of activations and their gradients, with two ends that remember: see
        `io.tributary.codec.LearnedCodec`. They meet a budget that the user sets.

        """);
    text.append("| codec | number | reads, writes | back ends | what it is |\n");
    text.append("|---|---|---|---|---|\n");
    for (LearnedCodecProvider provider : LearnedCodecs.load(CodecRegistry.load()).providers()) {
      text.append(
          row(
              "`" + provider.id().name() + "`",
              String.format(Locale.ROOT, "0x%04x", provider.id().number()),
              "version " + provider.id().version(),
              backends(provider),
              provider.description()));
    }
    GeneratedDocument.check("docs/codecs.md", SWITCH, text.toString());
  }

  /** A provider that isn't listed as a service would be missing everywhere without a word. */
  @Test
  void everyCodecIsAService() {
    var services = new HashSet<String>();
    ServiceLoader.load(CodecProvider.class).forEach(p -> services.add(p.getClass().getName()));
    ServiceLoader.load(LearnedCodecProvider.class)
        .forEach(p -> services.add(p.getClass().getName()));
    List<String> written =
        CLASSES.stream()
            .filter(type -> type.isAssignableTo(CodecBackends.class))
            .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
            .map(JavaClass::getName)
            .toList();
    assertThat(services).containsExactlyInAnyOrderElementsOf(written);
  }

  private static String backends(CodecBackends provider) {
    return provider.backends().stream()
        .sorted()
        .map(backend -> backend.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private static List<Setting<?>> settings(ProjectModule module) throws IllegalAccessException {
    var settings = new ArrayList<Setting<?>>();
    for (JavaClass type : CLASSES) {
      if (!module.contains(type) || !type.getSimpleName().endsWith("Settings")) {
        continue;
      }
      for (Field field : type.reflect().getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers())
            && Modifier.isPublic(field.getModifiers())
            && field.get(null) instanceof Setting<?> setting) {
          settings.add(setting);
        }
      }
    }
    settings.sort(Comparator.comparing(Setting::name));
    return settings;
  }

  private static String shown(Object value) {
    return value instanceof Duration time ? time.toMillis() + " ms" : String.valueOf(value);
  }

  private static String row(String... cells) {
    for (String cell : cells) {
      assertThat(cell).doesNotContain("|", "\n");
    }
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
