/**
 * What is attested of an image, such as what is in it: where that is found, and how it is taken out of what is around it.
 * An attestation is not a signature of the image: those are verified in the room above.
 */
@NullMarked
package lib.verb.attestation;

import org.jspecify.annotations.NullMarked;
