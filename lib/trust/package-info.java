/**
 * Signatures of images: what each form signs, and whether a key made the signature.
 * It asks nobody for anything: signatures and keys are given to it as bytes.
 */
@NullMarked
package lib.trust;

import org.jspecify.annotations.NullMarked;
