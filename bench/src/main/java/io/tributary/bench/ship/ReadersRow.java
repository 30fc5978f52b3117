package io.tributary.bench.ship;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * Many readers of one file.
 *
 * @param readers how many
 * @param bytes of the file
 * @param seconds from the first request until the last reader has the file
 * @param gbPerSecond 10^9 bytes a second to all readers together
 * @param loopbackGbPerSecond the same of plain sockets over as many connections, before it
 * @param peakAnonymousMegabytes MiB of the server's memory that belong to no file, at most
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record ReadersRow(
    int readers,
    long bytes,
    double seconds,
    double gbPerSecond,
    double loopbackGbPerSecond,
    @JsonProperty("peak_rss_anon_mb") double peakAnonymousMegabytes) {}
