package io.tributary.run;

/**
 * One exchange of one fragment: everybody cuts its contribution at {@code sendStep} and applies the
 * aggregate at {@code applyStep}.
 *
 * @param fragment the fragment's index
 * @param version counted from 1 in each fragment; version 0 is the initial value
 * @param sendStep the inner step, counted from 1, after which the contribution is cut
 * @param applyStep the inner step after which the aggregate is applied, at least {@code sendStep}
 */
public record Exchange(int fragment, int version, int sendStep, int applyStep) {}
