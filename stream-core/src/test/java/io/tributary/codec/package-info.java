/**
 * The codecs' test kit: what every codec and every kernel must do, and the data to show it.
 *
 * <p>Belongs here: contracts that a codec's tests inherit, the corpus, golden files, seeds; tests
 * of the registry and the policy with codecs made up for the purpose. Does not belong here: tests
 * of one concrete codec, which stand beside it in the module {@code codecs}.
 */
@NullMarked
package io.tributary.codec;

import org.jspecify.annotations.NullMarked;
