/**
 * {@code tributary bench sketch}: how near sketches come to the top eigenvector, with equal memory,
 * on made and on real matrices.
 *
 * <p>Belongs here: instances, the exact answer to compare with, rows and pictures. Does not belong
 * here: any method; they are found by name.
 */
@NullMarked
package io.tributary.bench.sketch;

import org.jspecify.annotations.NullMarked;
