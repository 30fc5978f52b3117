/** Runs of real processes, and what happens to them. */
@NullMarked
package io.tributary.bench.run;

import org.jspecify.annotations.NullMarked;
