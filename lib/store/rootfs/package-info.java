/**
 * A root file system on disk, made of layers.
 * Nothing outside its folder is ever touched.
 */
package lib.store.rootfs;
