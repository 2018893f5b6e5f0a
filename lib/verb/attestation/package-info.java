/**
 * What is attested of an image, such as what is in it: where that is found, and how it is taken out of what is around it.
 * An attestation is no signature of the image: that is for the room above.
 */
@NullMarked
package lib.verb.attestation;

import org.jspecify.annotations.NullMarked;
