/** Tests of the studies of split learning. */
@NullMarked
package io.tributary.bench.amaq;

import org.jspecify.annotations.NullMarked;
