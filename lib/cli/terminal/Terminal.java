package lib.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Whether a person sits at the other end of a stream: Java itself cannot tell for one stream alone before release 22. */
public final class Terminal {
    /** The descriptors of the standard streams. */
    public static final int IN = 0;
    public static final int OUT = 1;
    public static final int ERR = 2;

    private static final int LONGEST_SIZE = 40;

    /** How large a terminal is, in characters. */
    record Size(int rows, int columns) {
        static final Size USUAL = new Size(24, 80);
    }

    private Terminal() { }

    /** Returns the size of the terminal that this program was started from, or the usual one where that cannot be known: Java cannot tell, so the program stty is asked. */
    static Size size() {
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String[] numbers = new String(stty.getInputStream().readNBytes(LONGEST_SIZE), StandardCharsets.US_ASCII).strip().split(" ");
            int rows = Integer.parseInt(numbers[0]);
            int columns = Integer.parseInt(numbers[1]);
            return new Size(rows > 0 ? rows : Size.USUAL.rows, columns > 0 ? columns : Size.USUAL.columns); // 0 where nobody has set it
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Size.USUAL;
        }
    }

    /** Returns whether a person types what comes on stdin. */
    public static boolean isInteractive() {
        return is(IN);
    }

    /** Returns whether stderr is a terminal that has colours, and NO_COLOR does not forbid them (no-color.org). */
    public static boolean isColoured() {
        return System.getenv().getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(System.getenv("TERM")) && is(ERR);
    }

    /** Returns whether a standard stream is a terminal. */
    public static boolean is(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        if (Files.isSymbolicLink(link)) {
            return isTerminalDevice(link);
        }
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        if ((descriptor != ERR || windows) && System.console() != null && Runtime.version().feature() < 22) {
            return true; // before release 22 there is a console only when both stdin and stdout are terminals
        }
        return !windows && testSaysSo(descriptor);
    }

    /** Linux shows what each open file is. */
    private static boolean isTerminalDevice(Path link) {
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /** Elsewhere the program {@code test} tells, which every POSIX system has. */
    private static boolean testSaysSo(int descriptor) {
        try {
            Process test = new ProcessBuilder("test", "-t", Integer.toString(descriptor)).inheritIO().start();
            return test.waitFor(2, TimeUnit.SECONDS) && test.exitValue() == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }
}
