/**
 * Who may talk to whom: keys and certificates of processes, and TLS with them.
 *
 * <p>Every run has a certificate authority of its own, a folder that {@code tributary keys} makes.
 * It signs a certificate for each process: the subject's common name is the process's name, the one
 * that it says in HELLO, and its organizational units are its {@link io.tributary.security.Role}s.
 * Both ends of a link show theirs (mutual TLS 1.3), so names need no passwords, and what the
 * certificate doesn't say nobody may claim.
 *
 * <p>Files are read again when they change: new certificates and revocations hold for the next
 * connection, without a restart.
 *
 * <p>Here belongs what keys and certificates are and how they are checked; what a role allows is
 * decided where it is asked for.
 */
@NullMarked
package io.tributary.security;

import org.jspecify.annotations.NullMarked;
