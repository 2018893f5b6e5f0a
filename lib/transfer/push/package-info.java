/**
 * Images on their way from layouts, archives and other registries to registries: blobs first, then manifests, then the lists of what refers to what.
 * How a blob is uploaded, in one request or in chunks, is for the registry's room to know.
 */
@NullMarked
package lib.transfer.push;

import org.jspecify.annotations.NullMarked;
