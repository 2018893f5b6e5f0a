/**
 * The arguments of a command, put into its fields without a look at their annotations, where they are written in the usual way.
 * What is unusual or wrong is left to picocli.
 */
@NullMarked
package lib.cli.arguments;

import org.jspecify.annotations.NullMarked;
