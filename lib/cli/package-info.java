/**
 * What all commands share: arguments, exit codes, JSON in and out, progress, advice.
 * What a command does is not done here.
 */
@NullMarked
package lib.cli;

import org.jspecify.annotations.NullMarked;
