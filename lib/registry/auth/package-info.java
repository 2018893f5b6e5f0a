/**
 * What gives access: challenges, tokens, and the credentials of docker's and podman's files and helpers.
 * It does not know what is asked for with them.
 */
@NullMarked
package lib.registry.auth;

import org.jspecify.annotations.NullMarked;
