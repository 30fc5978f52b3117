package io.tributary.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The public signatures of stream-core, on which all other modules and foreign codecs rest. */
class CoreApiTest {
  @Test
  void changesOfTheApiAreDeliberate() {
    List<JavaClass> types =
        ProjectModule.CLASSES.stream()
            .filter(ProjectModule.STREAM_CORE::contains)
            .filter(CoreApiTest::isVisible)
            .sorted(Comparator.comparing(JavaClass::getName))
            .toList();
    assertThat(types).hasSizeGreaterThan(15);
    var text = new StringBuilder();
    for (JavaClass type : types) {
      describe(type.reflect(), text);
    }
    GeneratedDocument.check("stream-core/api.txt", "api.write", text.toString());
  }

  private static boolean isVisible(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(CoreApiTest::isVisible).orElse(true)
        && !type.getSimpleName().equals("package-info");
  }

  private static void describe(Class<?> type, StringBuilder text) {
    text.append(kind(type)).append(' ').append(type.getName());
    List<String> parents = new ArrayList<>();
    if (type.getGenericSuperclass() != null
        && !List.of(Object.class, Record.class).contains(type.getSuperclass())
        && !type.isEnum()) {
      parents.add(type.getGenericSuperclass().getTypeName());
    }
    Arrays.stream(type.getGenericInterfaces()).forEach(t -> parents.add(t.getTypeName()));
    text.append(parents.isEmpty() ? "" : " : " + String.join(", ", parents)).append('\n');
    var lines = new ArrayList<String>();
    Stream.<AnnotatedElement[]>of(
            type.getDeclaredFields(), type.getDeclaredConstructors(), type.getDeclaredMethods())
        .flatMap(Arrays::stream)
        .filter(element -> isVisible(type, (Member) element))
        .map(element -> shortened(type, element))
        .forEach(lines::add);
    Collections.sort(lines);
    lines.forEach(line -> text.append("  ").append(line).append('\n'));
    text.append('\n');
  }

  /** What every enum and record has says nothing. */
  private static boolean isVisible(Class<?> type, Member member) {
    boolean given =
        (type.isEnum() && List.of("values", "valueOf").contains(member.getName()))
            || (type.isRecord()
                && List.of("equals", "hashCode", "toString").contains(member.getName()));
    return (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0
        && !member.isSynthetic()
        && !given;
  }

  private static String shortened(Class<?> type, AnnotatedElement element) {
    String deprecated = element.isAnnotationPresent(Deprecated.class) ? "@Deprecated " : "";
    String signature =
        element instanceof java.lang.reflect.Method method
            ? method.toGenericString()
            : element instanceof java.lang.reflect.Constructor<?> constructor
                ? constructor.toGenericString()
                : ((java.lang.reflect.Field) element).toGenericString();
    return deprecated
        + signature
            .replace(type.getName() + ".", "")
            .replace("java.lang.", "")
            .replaceAll("^public ", "")
            .replaceAll("\\babstract ", "");
  }

  private static String kind(Class<?> type) {
    if (type.isAnnotation() || type.isInterface() || type.isEnum() || type.isRecord()) {
      return type.isAnnotation()
          ? "annotation"
          : type.isInterface() ? "interface" : type.isEnum() ? "enum" : "record";
    }
    String modifiers =
        Modifier.toString(type.getModifiers() & (Modifier.ABSTRACT | Modifier.FINAL));
    return (modifiers + " class").strip().toLowerCase(Locale.ROOT);
  }
}
