/**
 * A registry over layouts and archives, to be pulled from.
 * Nothing can be pushed to it, and it never asks another.
 */
package lib.server;
