package io.tributary.codecs.element;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.internal.BackendSupport;
import io.tributary.error.Errors;
import java.util.EnumSet;
import java.util.Set;

/** What the providers of element codecs have in common: no parameter, and no GPU. */
public abstract class ElementCodecProvider implements CodecProvider {
  private final CodecId id;
  private final int elementBytes;
  private final String what;

  /**
   * A provider.
   *
   * @param elementBytes the bytes of one encoded value
   * @param what what the codec is, for its description
   */
  protected ElementCodecProvider(CodecId id, int elementBytes, String what) {
    this.id = id;
    this.elementBytes = elementBytes;
    this.what = what;
  }

  /** Makes a kernel of the processor; touches no class of another back end. */
  protected abstract ElementKernel kernel(Backend backend);

  @Override
  public final CodecId id() {
    return id;
  }

  @Override
  public final String description() {
    return what + ", " + Byte.SIZE * elementBytes + " bits a value; no parameter";
  }

  @Override
  public final Set<Backend> backends() {
    return EnumSet.of(Backend.SCALAR, Backend.SIMD);
  }

  @Override
  public final String unusableBecause(Backend backend) {
    return BackendSupport.unusableBecause(backend);
  }

  @Override
  public final String detail(Backend backend) {
    return BackendSupport.detail(backend);
  }

  @Override
  public final TensorCodec create(Backend backend, String parameter) {
    if (!parameter.isEmpty()) {
      throw Errors.invalidSetting("parameter of " + id, "'" + parameter + "'", "none");
    }
    return new ElementCodec(id, elementBytes, kernel(backend));
  }
}
