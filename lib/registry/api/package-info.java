/**
 * Every request that Dray sends, as values on one page.
 * Nothing here sends one, and nothing here knows what comes back.
 */
@NullMarked
package lib.registry.api;

import org.jspecify.annotations.NullMarked;
