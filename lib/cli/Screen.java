package lib.cli;

/** stderr, where what is said to people may have to share a terminal with a display that is drawn again and again. */
final class Screen {
    /** What is drawn, and can have a line stand above it. */
    interface Display {
        void above(String line);

        /** Leaves the last state and draws nothing more. */
        void end();
    }

    private static Display display;

    private Screen() { }

    /** Has lines go through this display from now on; null for none. */
    static synchronized void show(Display what) {
        display = what;
    }

    static synchronized void line(String line) {
        if (display == null) {
            System.err.println(line);
        } else {
            display.above(line);
        }
    }

    /** Ends the display, if there is one: what is said next is the last. */
    static void end() {
        Display what;
        synchronized (Screen.class) {
            what = display;
            display = null;
        }
        if (what != null) {
            what.end();
        }
    }
}
