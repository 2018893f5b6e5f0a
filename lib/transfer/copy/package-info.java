/**
 * Blobs on their way from one registry into another, without a disk between them: each is read once, checked in passing, and after a broken line fetched from where it broke.
 * How a blob is uploaded, and in which order all goes, is not known here.
 */
@NullMarked
package lib.transfer.copy;

import org.jspecify.annotations.NullMarked;
