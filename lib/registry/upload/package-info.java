/**
 * Bytes on their way to a registry, by a small client of our own where Java's lacks the method or loses an early answer.
 * It does not know sessions, chunks or blobs.
 */
@NullMarked
package lib.registry.upload;

import org.jspecify.annotations.NullMarked;
