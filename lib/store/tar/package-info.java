/**
 * Reading and writing of tar, entry by entry.
 * What the entries mean for an image is not known here.
 */
package lib.store.tar;
