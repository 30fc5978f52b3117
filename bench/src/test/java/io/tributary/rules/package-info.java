/**
 * The rules of the project as a whole, as tests: which module and package may know which, where
 * foreign libraries may appear, what the repository's files must look like.
 *
 * <p>Belongs here: checks that need to see all modules. Does not belong here: tests of behaviour.
 */
@NullMarked
package io.tributary.rules;

import org.jspecify.annotations.NullMarked;
