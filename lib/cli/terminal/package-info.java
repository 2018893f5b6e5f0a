/**
 * What a person sees: lines, tables and progress bars on a terminal, or plain lines elsewhere. What a command prints for programs is not decided here.
 */
@NullMarked
package lib.cli.terminal;

import org.jspecify.annotations.NullMarked;
