/**
 * Where this machine keeps its settings, and what an address of the web is.
 * It does not read the settings of any one tool.
 */
@NullMarked
package lib.registry.settings;

import org.jspecify.annotations.NullMarked;
