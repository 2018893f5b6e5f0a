package tests.support;

import java.nio.file.Path;

//SOURCES Scratch.java

/**
 * JBang's folder for the tests that have it build the toolkit's own scripts, so that each is built once a run:
 * JBang finds what it has built by the content of all the files that went into it, wherever they came from.
 * Two that build one script at once would break it, so such a test takes {@code @ResourceLock(Builds.LOCK)}.
 */
public final class Builds {
    public static final String LOCK = "JBang's builds";
    private static final Path JBANG_DIR = Scratch.folder("builds");

    private Builds() { }

    /** Returns the folder to be named by {@code JBANG_DIR}. */
    public static Path jbangDir() {
        return JBANG_DIR;
    }
}
