/**
 * What an image is: its name, digest, platform, manifest and config, as the specifications have them.
 * Where an image comes from and where it goes to is not known here.
 */
@NullMarked
package lib.image;

import org.jspecify.annotations.NullMarked;
