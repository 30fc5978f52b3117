/**
 * Settings as typed constants: name, default, bounds and a sentence each.
 *
 * <p>Belongs here: the type {@link io.tributary.config.Setting}. A module's own constants live in a
 * class named {@code ...Settings} of that module and are listed for the generated page. Does not
 * belong here: options of commands.
 */
@NullMarked
package io.tributary.config;

import org.jspecify.annotations.NullMarked;
