/**
 * Reading and writing of tar, entry by entry.
 * What the entries mean for an image is not known here.
 */
@NullMarked
package lib.store.tar;

import org.jspecify.annotations.NullMarked;
