/**
 * Archives that are compressed as a whole, while they are pulled.
 * How bytes are compressed is known below, and images that are not fetched from a registry are written without this.
 */
@NullMarked
package lib.transfer.packed;

import org.jspecify.annotations.NullMarked;
