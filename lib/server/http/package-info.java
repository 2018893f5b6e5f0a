/**
 * HTTP/1.1 over sockets, as far as a registry needs it, for handlers of Java's own server. It does not know what is asked for.
 */
@NullMarked
package lib.server.http;

import org.jspecify.annotations.NullMarked;
