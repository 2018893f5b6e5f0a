/**
 * Files of this machine: read up to a bound, written whole or not at all, locked, and not opened through somebody else's link.
 * It does not know what is in them.
 */
@NullMarked
package lib.file;

import org.jspecify.annotations.NullMarked;
