/**
 * Where this machine keeps its settings, and what an address of the web is.
 * It does not read the settings of any one tool.
 */
package lib.registry.settings;
