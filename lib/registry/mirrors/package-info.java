/**
 * All places that serve an image, tried side by side: which answer, have the same image, and are fast.
 * It pulls nothing, and changes no settings.
 */
@NullMarked
package lib.registry.mirrors;

import org.jspecify.annotations.NullMarked;
