/**
 * Options that several commands have, and what is made of them.
 * An option of one command is in that command.
 */
@NullMarked
package lib.cli.options;

import org.jspecify.annotations.NullMarked;
