package io.tributary.codecs.internal;

import io.tributary.codec.CodecProvider;

/** What the providers of codecs that run on the processor alone have in common. */
public abstract class ProcessorCodecProvider extends ProcessorBackends implements CodecProvider {}
