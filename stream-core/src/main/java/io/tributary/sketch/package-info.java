/**
 * Sketches: what can be said of the rows of a matrix after they streamed by once, above all the
 * directions in which they are largest, from far fewer numbers than the rows had.
 *
 * <p>A method is a {@link io.tributary.sketch.RowSketchProvider}, found by {@link
 * java.util.ServiceLoader} and named in {@link io.tributary.sketch.SketchRegistry}. Some methods
 * need rows in random order, which files seldom have: {@link io.tributary.sketch.ShuffledRows}
 * makes it, and {@link io.tributary.sketch.OrderDriftDetector} notices where it is missing.
 *
 * <p>Belongs here: what callers of a sketch see, and the order of rows. Does not belong here: a
 * method's arithmetic, which lies in the module codecs.
 */
@NullMarked
package io.tributary.sketch;

import org.jspecify.annotations.NullMarked;
