/**
 * What it takes until a model that is being fetched is of use: bytes and seconds over a real
 * socket, and the predictions of what is there at the end of each plane. And what it takes to serve
 * many readers at once.
 *
 * <p>Belongs here: the bench. Does not belong here: the fetch, the file and the judge.
 */
@NullMarked
package io.tributary.bench.ship;

import org.jspecify.annotations.NullMarked;
