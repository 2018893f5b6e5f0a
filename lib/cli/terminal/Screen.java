package lib.cli.terminal;

import lib.text.PlainText;
import lib.text.Secrets;

/** stderr, where what is said to people may have to share a terminal with a display that is drawn again and again. */
public final class Screen {
    /** What is drawn, and can have a line stand above it. */
    interface Display {
        void above(String line);

        /** Leaves the last state and draws nothing more. */
        void end();
    }

    private static final String WARNING = "warning:";
    private static final String YELLOW = "\u001b[33m";
    private static final String RED = "\u001b[1;31m";
    private static final String RESET = "\u001b[0m";

    private static Display display;

    private Screen() { }

    /** Has lines go through this display from now on; null for none. */
    static synchronized void show(Display what) {
        display = what;
    }

    /** Shows a line, without secrets of ours, and without what would do more to a terminal than stand there. A warning is called that in yellow. */
    public static void line(String line) {
        String shown = PlainText.line(Secrets.masked(line));
        show(shown.startsWith(WARNING) && Terminal.isColoured() ? YELLOW + WARNING + RESET + shown.substring(WARNING.length()) : shown);
    }

    /** Shows in the same way why a command failed: its name is red. */
    public static void failure(String command, String sentence) {
        String shown = PlainText.line(Secrets.masked(sentence));
        show((Terminal.isColoured() ? RED + command + ":" + RESET : command + ":") + " " + shown);
    }

    /** Shows several lines in the same way. */
    public static void lines(String text) {
        show(PlainText.lines(Secrets.masked(text)));
    }

    private static synchronized void show(String shown) {
        if (display == null) {
            System.err.println(shown);
        } else {
            display.above(shown);
        }
    }

    /** Ends the display, if there is one: what is said next is the last. */
    public static void end() {
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
