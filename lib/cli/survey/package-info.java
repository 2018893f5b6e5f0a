/**
 * A survey of mirrors, as people and programs read it.
 * It asks nobody.
 */
@NullMarked
package lib.cli.survey;

import org.jspecify.annotations.NullMarked;
