/**
 * The files of what is not an image: a chart, a model, an SBOM, or whatever oras pushes, each under the title of its layer.
 * How files get onto the disk or into a list is not known here: they are handed on as if they were layers of an image.
 */
@NullMarked
package lib.store.artifact;

import org.jspecify.annotations.NullMarked;
