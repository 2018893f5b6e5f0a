/**
 * A registry over layouts and archives, to be pulled from.
 * Nothing can be pushed to it, and it never asks another.
 */
@NullMarked
package lib.server;

import org.jspecify.annotations.NullMarked;
