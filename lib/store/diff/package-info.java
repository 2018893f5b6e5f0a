/**
 * What differs between the files of two images.
 * It does not show it to anybody.
 */
@NullMarked
package lib.store.diff;

import org.jspecify.annotations.NullMarked;
