/** Tests of the bench of OpenCL programs. */
@NullMarked
package io.tributary.bench.gpu;

import org.jspecify.annotations.NullMarked;
