/**
 * The distribution API: manifests, blobs, tags, referrers and uploads of one repository.
 * Nothing is kept on disk, and nothing is taken apart.
 */
package lib.registry;
