/**
 * Who does TLS and SHA-256.
 * It is Java, as long as nothing else is offered.
 */
@NullMarked
package lib.crypto;

import org.jspecify.annotations.NullMarked;
