/**
 * Images of registries that go to other names, as they are or as somebody edited them, without being stored here.
 * It does not know how blobs travel.
 */
@NullMarked
package lib.verb.copy;

import org.jspecify.annotations.NullMarked;
