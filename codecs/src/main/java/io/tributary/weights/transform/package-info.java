/**
 * What is done to a matrix before it is rounded, and undone when it is decoded.
 *
 * <p>A {@link io.tributary.weights.transform.RowTransform} works on each row by itself, so that
 * rows of a file can be decoded in any order. A tensor may have several: they are undone in the
 * opposite order. A transform has a text and side bytes, as a layout has.
 *
 * <p>Belongs here: transforms, and how their parameters are found from a matrix or its inputs. Does
 * not belong here: grids and codes.
 */
@NullMarked
package io.tributary.weights.transform;

import org.jspecify.annotations.NullMarked;
