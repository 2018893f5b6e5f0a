/**
 * One request and its answer: sent, timed, masked, repeated, and told of when it fails.
 * It does not know what a registry is.
 */
@NullMarked
package lib.registry.http;

import org.jspecify.annotations.NullMarked;
