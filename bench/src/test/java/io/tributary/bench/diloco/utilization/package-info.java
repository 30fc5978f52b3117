/** Tests of the simulated compute utilization. */
@NullMarked
package io.tributary.bench.diloco.utilization;

import org.jspecify.annotations.NullMarked;
