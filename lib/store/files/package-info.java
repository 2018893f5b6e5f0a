/**
 * The files of an image without unpacking it: listed, read, followed through links, merged into one tar.
 * It writes no files.
 */
@NullMarked
package lib.store.files;

import org.jspecify.annotations.NullMarked;
