/**
 * Options of commands that fill a registry: where images go, and how to get at the one that they come from.
 * How they get there is not known here.
 */
@NullMarked
package lib.cli.copy;

import org.jspecify.annotations.NullMarked;
