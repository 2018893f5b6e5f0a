/**
 * Bytes on their way from registries to stores: in parts, resumed, reused, checked.
 * It knows neither HTTP nor tar.
 */
@NullMarked
package lib.transfer;

import org.jspecify.annotations.NullMarked;
