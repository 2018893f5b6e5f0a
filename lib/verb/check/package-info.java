/**
 * Whether all of a layout or an archive is what its digests say, and a receipt of that.
 * Who signed it is not looked at here: see the room above.
 */
@NullMarked
package lib.verb.check;

import org.jspecify.annotations.NullMarked;
