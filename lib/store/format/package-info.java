/**
 * The forms that images are written in: docker's, OCI, legacy, a root file system, recompressed.
 * It does not fetch what it writes.
 */
@NullMarked
package lib.store.format;

import org.jspecify.annotations.NullMarked;
