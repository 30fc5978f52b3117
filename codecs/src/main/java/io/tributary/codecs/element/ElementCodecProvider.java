package io.tributary.codecs.element;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.internal.ProcessorCodecProvider;
import io.tributary.error.Errors;

/** What the providers of element codecs have in common: no parameter. */
public abstract class ElementCodecProvider extends ProcessorCodecProvider {
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
  public final TensorCodec create(Backend backend, String parameter) {
    if (!parameter.isEmpty()) {
      throw Errors.invalidSetting("parameter of " + id, "'" + parameter + "'", "none");
    }
    return new ElementCodec(id, elementBytes, kernel(backend));
  }
}
