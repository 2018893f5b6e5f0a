/**
 * The steps of a pull taken one by one, to say which one fails.
 * It gives no advice: commands do.
 */
@NullMarked
package lib.registry.doctor;

import org.jspecify.annotations.NullMarked;
