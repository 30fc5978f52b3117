/** Tests of what the launcher runs after a build. */
@NullMarked
package io.tributary.bench.start;

import org.jspecify.annotations.NullMarked;
