/**
 * TLS and SHA-256 by a native library, where that loads.
 * What it is used for is not known here.
 */
@NullMarked
package lib.crypto.boringssl;

import org.jspecify.annotations.NullMarked;
