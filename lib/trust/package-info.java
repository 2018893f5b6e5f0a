/**
 * Signatures of images: what each form signs, and whether a key made the signature.
 * It sends no requests: signatures and keys are given to it as bytes.
 */
@NullMarked
package lib.trust;

import org.jspecify.annotations.NullMarked;
