package lib.transfer;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

//SOURCES Slot.java

/**
 * How to move bytes.
 *
 * @param connections how many transfers run side by side
 * @param segment     the shortest part of a blob that one request asks for, and how much may come before it is noted, in bytes
 * @param retries     how often a request is repeated without progress
 * @param reuse       archives, layouts and folders of them whose blobs need not be fetched
 * @param notice      is told what a person may want to know, a line each
 * @param watcher     is given the slots when their transfer begins, to show how they fill
 */
public record Settings(int connections, long segment, int retries, List<Path> reuse, Consumer<String> notice, Consumer<List<Slot>> watcher) { }
