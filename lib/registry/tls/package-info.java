/**
 * Whose certificates are trusted, which ones are shown, and what is wrong with others.
 * Nothing is asked over the connections that it makes.
 */
package lib.registry.tls;
