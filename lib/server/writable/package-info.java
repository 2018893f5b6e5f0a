/**
 * A registry that takes pushes, over one layout. It does not know who may do what but by one list of logins: it is for a room without a registry.
 */
@NullMarked
package lib.server.writable;

import org.jspecify.annotations.NullMarked;
