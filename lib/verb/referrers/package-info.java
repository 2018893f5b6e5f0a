/**
 * What refers to images, such as signatures: where it is found, and that it travels with them.
 * It believes nothing of it: that is for verb and trust.
 */
@NullMarked
package lib.verb.referrers;

import org.jspecify.annotations.NullMarked;
