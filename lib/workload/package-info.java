/**
 * The images that files of Kubernetes, Kustomize and Compose name.
 * It does not ask whether there are such images.
 */
@NullMarked
package lib.workload;

import org.jspecify.annotations.NullMarked;
