/**
 * The ways in which something fails that a caller can tell apart: not there, not what it should be, not given by the far side, not signed.
 * It does not say what to do about it: commands do, and exit codes are theirs.
 */
@NullMarked
package lib.failure;

import org.jspecify.annotations.NullMarked;

//DEPS org.jspecify:jspecify:1.0.1
