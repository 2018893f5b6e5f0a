/**
 * One request and its answer: sent, timed, masked, repeated, and told of when it fails.
 * It does not know what a registry is.
 */
package lib.registry.http;
