/**
 * What JShell's methods work with: values that show themselves, and one session's way to registries.
 * The methods themselves are those of {@code lib.Dray}; what they do is done by the rooms below.
 */
@NullMarked
package lib.shell;

import org.jspecify.annotations.NullMarked;
