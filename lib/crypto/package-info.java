/**
 * TLS and SHA-256 by a native library, where that loads.
 * Whoever asks Java for them need not know of it.
 */
package lib.crypto;
