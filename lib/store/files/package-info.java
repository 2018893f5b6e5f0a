/**
 * The files of an image without unpacking it: listed, read, followed through links, merged into one tar.
 * It writes no files.
 */
package lib.store.files;
