/**
 * A root file system on disk, made of layers.
 * Nothing outside its folder is ever touched.
 */
@NullMarked
package lib.store.rootfs;

import org.jspecify.annotations.NullMarked;
