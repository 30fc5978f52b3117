/**
 * The live page: what a run does, in a browser, from the coordinator's own HTTP server.
 *
 * <p>Belongs here: the bounded history of a run's events, the server that tells it to browsers, and
 * the page itself (one HTML, one CSS and two JavaScript files beside these classes, which load
 * nothing from elsewhere). Does not belong here: anything that changes a run. The page only
 * listens; the run never waits for it.
 */
@NullMarked
package io.tributary.coordinator.page;

import org.jspecify.annotations.NullMarked;
