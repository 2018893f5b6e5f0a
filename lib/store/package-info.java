/**
 * What is on disk: layouts, archives of every origin, caches, and the images in them.
 * The form in which images are written is the business of the room format.
 */
@NullMarked
package lib.store;

import org.jspecify.annotations.NullMarked;
