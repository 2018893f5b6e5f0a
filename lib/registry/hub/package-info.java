/**
 * Docker Hub's own API, which knows what no registry's does.
 * Images are not pulled by it.
 */
package lib.registry.hub;
