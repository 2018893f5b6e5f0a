/**
 * What all commands share: arguments, exit codes, JSON in and out, progress, advice.
 * What a command does is not done here.
 */
package lib.cli;
