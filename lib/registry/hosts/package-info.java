/**
 * Which hosts are asked for an image: the registry, and the mirrors that settings of podman, containerd and docker name.
 * It does not know what is asked of them.
 */
@NullMarked
package lib.registry.hosts;

import org.jspecify.annotations.NullMarked;
