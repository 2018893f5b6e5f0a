/**
 * Archives in volumes: files of equal size that are, one after the other, the bytes of one archive, each with a statement of what it is beside it.
 * It does not know what is in an archive.
 */
@NullMarked
package lib.store.volume;

import org.jspecify.annotations.NullMarked;
