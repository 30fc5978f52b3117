/**
 * How much of its time a training run computes on links of given bandwidth, by simulation: the
 * published table beside ours, and the same for the codecs of this build.
 *
 * <p>Belongs here: models of time, without any training. Does not belong here: measurements.
 */
@NullMarked
package io.tributary.bench.diloco.utilization;

import org.jspecify.annotations.NullMarked;
