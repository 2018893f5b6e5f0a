/**
 * Which proxy a request goes through, and how it is logged in to.
 * What goes through it is not known here.
 */
@NullMarked
package lib.registry.proxy;

import org.jspecify.annotations.NullMarked;
