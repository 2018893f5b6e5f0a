/**
 * Scripts that have shells complete the commands of the toolkit, made from what picocli knows of these.
 * It does not know the commands themselves.
 */
@NullMarked
package lib.cli.completion;

import org.jspecify.annotations.NullMarked;
