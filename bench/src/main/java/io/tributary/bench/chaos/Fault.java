package io.tributary.bench.chaos;

import java.time.Duration;

/**
 * One fault.
 *
 * @param kind what
 * @param agent whose process or connection, from 0; of no meaning for the coordinator's faults
 * @param lasts how long, for kinds that last
 * @param strength milliseconds of delay, bytes a second of a slow connection; otherwise 0
 */
record Fault(FaultKind kind, int agent, Duration lasts, long strength) {}
