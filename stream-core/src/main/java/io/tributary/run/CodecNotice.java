package io.tributary.run;

/**
 * What an agent says when it begins to send its contributions in another codec.
 *
 * @param fragment the fragment whose contribution is the first
 * @param version the version that it contributes to
 * @param codec the codec as policies write it
 * @param reason why, for people
 */
public record CodecNotice(int fragment, int version, String codec, String reason) {}
