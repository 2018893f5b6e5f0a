/**
 * What the commands do, as calls: values are taken, and what was done is returned.
 * It has no command line, no options and no terminal, and prints nothing.
 */
package lib.verb;
