/**
 * Where blobs may be taken from, the mirrors of a registry and the registry itself, and which of them is asked next, by what each has done so far.
 * It neither writes nor verifies what comes.
 */
@NullMarked
package lib.transfer.source;

import org.jspecify.annotations.NullMarked;
