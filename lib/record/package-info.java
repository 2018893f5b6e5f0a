/**
 * Requests as people read them: explained, as curl, as an HTTP Archive, as a page.
 * It sends nothing.
 */
@NullMarked
package lib.record;

import org.jspecify.annotations.NullMarked;
