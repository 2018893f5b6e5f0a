/**
 * The layers of an image as one stream: decompressed, checked, bounded, with their whiteouts.
 * It does not say where their entries go.
 */
@NullMarked
package lib.store.layer;

import org.jspecify.annotations.NullMarked;
