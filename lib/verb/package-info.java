/**
 * What the commands do, as calls: values are taken, and what was done is returned.
 * It has no command line, no options and no terminal, and prints nothing.
 */
@NullMarked
package lib.verb;

import org.jspecify.annotations.NullMarked;
