/**
 * What {@code sync} says of a list of images: a table for people, JSON for programs, sentences on stderr.
 * It does not find out what it says.
 */
@NullMarked
package lib.cli.haul;

import org.jspecify.annotations.NullMarked;
