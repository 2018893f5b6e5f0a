/**
 * The images that files of Kubernetes, Kustomize and Compose name.
 * It does not ask whether there are such images.
 */
package lib.workload;
