package io.tributary.bench.sync;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What one codec reached.
 *
 * @param codec of contributions and changes
 * @param agents how many
 * @param modelMegabytes MiB of float32
 * @param durability {@code full} or {@code none}
 * @param tls whose TLS protects the links, or {@code none}
 * @param rounds exchanges of the whole model that were measured
 * @param seconds that they took
 * @param floatGigabytes float32 that went up and came down, of all agents together, 10^9 bytes a
 *     second
 * @param floatGigabytesUp the contributions' part of it
 * @param cpuSecondsPerGigabyte processor time of both processes for 10^9 bytes of that float32, the
 *     JVMs' compilers included: what the rate comes to where nothing else runs
 * @param wireMegabytes bytes at the agents' sockets, both ways, 10^6 a second
 * @param loopbackMegabytes what bare Netty moves over as many connections, 10^6 bytes a second, the
 *     mean of before and after
 * @param diskMegabytes what the disk takes in forced writes, 10^6 bytes a second
 * @param ofLoopback wire by loopback
 * @param ofLimit wire by the smaller of loopback and disk, or by loopback where nothing is forced
 */
record SyncRow(
    String codec,
    int agents,
    @JsonProperty("model_mb") int modelMegabytes,
    String durability,
    String tls,
    int rounds,
    double seconds,
    @JsonProperty("float32_gb_s") double floatGigabytes,
    @JsonProperty("float32_up_gb_s") double floatGigabytesUp,
    @JsonProperty("cpu_s_per_gb") double cpuSecondsPerGigabyte,
    @JsonProperty("wire_mb_s") double wireMegabytes,
    @JsonProperty("loopback_mb_s") double loopbackMegabytes,
    @JsonProperty("disk_forced_mb_s") double diskMegabytes,
    @JsonProperty("of_loopback") double ofLoopback,
    @JsonProperty("of_limit") double ofLimit) {}
