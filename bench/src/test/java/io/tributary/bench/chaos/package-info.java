/** Tests of runs that suffer. */
@NullMarked
package io.tributary.bench.chaos;

import org.jspecify.annotations.NullMarked;
