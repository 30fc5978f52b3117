/**
 * Small durable files with one shape: magic, format version, body, checksum; written beside the old
 * one and moved into place.
 *
 * <p>Belongs here: the shape of such files and float arrays in them. Does not belong here: what
 * agents and coordinators keep in them, journals, databases.
 */
@NullMarked
package io.tributary.store;

import org.jspecify.annotations.NullMarked;
