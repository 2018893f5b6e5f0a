/**
 * The images of a list, chosen by their versions, carried in one go, and written down in a lock file.
 * It moves no byte itself: pulls and pushes do that.
 */
@NullMarked
package lib.haul;

import org.jspecify.annotations.NullMarked;
