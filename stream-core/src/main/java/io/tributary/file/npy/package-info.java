/**
 * NumPy's arrays: one in a file, or several in an archive.
 *
 * <p>A file {@code .npy} is the byte 0x93 and {@code NUMPY}, a version, the length of a header, the
 * header, which is a Python dictionary of an element type, an order and a shape, and the values. A
 * file {@code .npz} is a ZIP archive of such files; an entry is unpacked to a temporary file when
 * it is first read. Of the header only the one form that NumPy writes is understood: it is no
 * program to be run.
 *
 * <p>Belongs here: reading both. Does not belong here: what an array means to a model.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the
 *     format</a>
 */
@NullMarked
package io.tributary.file.npy;

import org.jspecify.annotations.NullMarked;
