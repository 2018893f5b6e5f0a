/**
 * The steps of a pull taken one by one, to say which one fails.
 * It gives no advice: commands do.
 */
package lib.registry.doctor;
