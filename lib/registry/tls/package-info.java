/**
 * Whose certificates are trusted, which ones are shown, and what is wrong with others.
 * Nothing is asked over the connections that it makes.
 */
@NullMarked
package lib.registry.tls;

import org.jspecify.annotations.NullMarked;
