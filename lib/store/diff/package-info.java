/**
 * What differs between the files of two images.
 * It does not show it to anybody.
 */
package lib.store.diff;
