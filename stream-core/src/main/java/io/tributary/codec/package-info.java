/**
 * The service interface of tensor codecs: how a codec is found, named, numbered, chosen and run.
 *
 * <p>Belongs here: the interfaces, the registry, the policy that picks a codec by name, error
 * feedback (it works with every codec). Does not belong here: any concrete codec, any kernel,
 * anything that knows sockets. Codecs are found by {@link java.util.ServiceLoader}; no class
 * outside the module {@code codecs} names one.
 */
@NullMarked
package io.tributary.codec;

import org.jspecify.annotations.NullMarked;
