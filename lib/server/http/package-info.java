/**
 * A port where HTTP is spoken, by a library, for handlers of Java's own server. It does not know what is asked for.
 */
@NullMarked
package lib.server.http;

import org.jspecify.annotations.NullMarked;
