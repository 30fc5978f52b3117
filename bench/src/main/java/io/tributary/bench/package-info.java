/**
 * What measures and shows the product as a whole: child processes.
 *
 * <p>Belongs here: what every bench needs. Does not belong here: a bench; each has a package of its
 * own below this one.
 */
@NullMarked
package io.tributary.bench;

import org.jspecify.annotations.NullMarked;
