/**
 * The ways in which something fails that a caller can tell apart: not there, not what it should be, too large, not given by the far side.
 * It does not say what to do about it: commands do, and exit codes are theirs.
 */
package lib.failure;
