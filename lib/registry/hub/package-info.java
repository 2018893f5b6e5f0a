/**
 * Docker Hub's own API, which knows what no registry's does.
 * Images are not pulled by it.
 */
@NullMarked
package lib.registry.hub;

import org.jspecify.annotations.NullMarked;
