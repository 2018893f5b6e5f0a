package lib.transfer.push;

import lib.store.NamedImage;

/**
 * An image that is to be pushed.
 *
 * @param source where its blobs are
 * @param image  what of it is pushed; its name, if it has one, is where its registry may take the blobs from
 */
public record Outgoing(PushSource source, NamedImage image) { }
