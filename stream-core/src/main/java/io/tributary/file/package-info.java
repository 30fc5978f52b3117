/**
 * Files of weights whatever their format: named tensors, read as float32 by rows.
 *
 * <p>Belongs here: what all formats share, and the choice among them by a file's first bytes. Does
 * not belong here: a format, which is a package below this one or, if it needs codecs, with them.
 */
@NullMarked
package io.tributary.file;

import org.jspecify.annotations.NullMarked;
