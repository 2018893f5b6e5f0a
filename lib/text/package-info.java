/**
 * JSON, sizes, and text that may be shown: without secrets, and without what would do more to a terminal than stand there.
 * It knows nothing of images.
 */
@NullMarked
package lib.text;

import org.jspecify.annotations.NullMarked;
