/**
 * Weights of whole models: smaller, in files, and back.
 *
 * <p>How a matrix is made small is a composition of four parts, one package each: {@code transform}
 * (what is done to the matrix before), {@code allocate} (who gets how many bits), {@code round}
 * (which of its grid's values a weight becomes) and {@code pack} (how that lies in bytes). A {@code
 * recipe} picks four parts and has the name of a published system; {@code file} keeps the results.
 *
 * <p>Belongs here: what all of these share. Does not belong here: the codecs of what travels during
 * training, which are {@code io.tributary.codecs}. References are to the systems' papers, named at
 * the classes that follow them.
 */
@NullMarked
package io.tributary.weights;

import org.jspecify.annotations.NullMarked;
