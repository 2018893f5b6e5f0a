/**
 * Addresses of hosts: which there are, which of them answers, and how near they are.
 * No request is sent from here.
 */
@NullMarked
package lib.registry.address;

import org.jspecify.annotations.NullMarked;
