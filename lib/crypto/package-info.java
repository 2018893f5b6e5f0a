/**
 * TLS and SHA-256 by a native library, where that loads.
 * Whoever asks Java for them need not know of it.
 */
@NullMarked
package lib.crypto;

import org.jspecify.annotations.NullMarked;
