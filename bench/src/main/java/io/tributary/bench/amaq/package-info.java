/**
 * The studies of {@code tributary bench amaq}: what codecs across a cut promise, and what they do
 * to a model that is trained through them.
 *
 * <p>Belongs here: everything about split learning that is measured. Does not belong here: codecs,
 * models, and the two ends of a cut.
 */
@NullMarked
package io.tributary.bench.amaq;

import org.jspecify.annotations.NullMarked;
