/**
 * The distribution API: manifests, blobs, tags, referrers and uploads of one repository.
 * Nothing is kept on disk, and nothing is taken apart.
 */
@NullMarked
package lib.registry;

import org.jspecify.annotations.NullMarked;
