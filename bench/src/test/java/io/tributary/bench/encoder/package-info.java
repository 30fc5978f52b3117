/** Tests of what comes beside the build. */
@NullMarked
package io.tributary.bench.encoder;

import org.jspecify.annotations.NullMarked;
