/**
 * Options that several commands have, and what is made of them.
 * An option of one command is in that command.
 */
package lib.cli.options;
