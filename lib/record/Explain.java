package lib.record;

import lib.registry.http.Exchange;
import lib.text.PlainText;
import lib.text.Secrets;
import lib.text.Sizes;

/** Tells on stderr what is asked, the same request as a curl command, what came back, and where that leads. */
public final class Explain {
    private static final String[] HEADERS_THAT_MATTER = {"Content-Type", "Content-Length", "Content-Range", "Docker-Content-Digest",
            "WWW-Authenticate", "Location", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "Docker-RateLimit-Source", "Link", "Date"};
    private static final String BOLD = "1";
    private static final String FAINT = "2";
    private static final String GREEN = "32";
    private static final String YELLOW = "33";
    private static final String RED = "31";

    private final boolean coloured;

    /** @param coloured whether what it tells is to be coloured, as for a terminal */
    public Explain(boolean coloured) {
        this.coloured = coloured;
    }

    /** Each part is printed in one piece, under its number, so that parallel transfers do not mix their lines. */
    public void show(Exchange exchange) {
        String text = exchange.isFirst() ? request(exchange) : end(exchange);
        synchronized (System.err) {
            System.err.print(text);
        }
    }

    private String request(Exchange exchange) {
        StringBuilder text = new StringBuilder(colour(BOLD, "[" + exchange.number() + "] " + plain(exchange.why()))).append('\n');
        for (String line : Curl.of(exchange, "         ").split("\n")) {
            text.append("    ").append(colour(FAINT, plain(line))).append('\n');
        }
        text.append("    -> ").append(status(exchange)).append(" after ").append(Math.round(exchange.times().total())).append(" ms\n");
        for (String name : HEADERS_THAT_MATTER) {
            if (exchange.answer(name) != null) {
                text.append("       ").append(name).append(": ").append(plain(exchange.answer(name))).append('\n');
            }
        }
        return text.append(NextStep.hasBody(exchange) ? "" : "    => " + plain(NextStep.of(exchange)) + "\n").toString();
    }

    /** The body of a refusal or a redirect says nothing more, and may be read late or not at all. */
    private String end(Exchange exchange) {
        if (!NextStep.hasBody(exchange)) {
            return "";
        }
        String size = Sizes.of(exchange.body().bytes()) + " in " + Math.round(exchange.times().total()) + " ms";
        return colour(BOLD, "[" + exchange.number() + "]") + " => " + size + "; " + plain(NextStep.of(exchange)) + "\n";
    }

    private String status(Exchange exchange) {
        if (exchange.status() == 0) {
            return colour(RED, "no answer: " + plain(exchange.reason()));
        }
        String colour = exchange.status() < 300 ? GREEN : exchange.status() < 400 || exchange.status() == 401 ? YELLOW : RED;
        return colour(colour, (exchange.status() + " " + plain(exchange.reason())).strip());
    }

    private String colour(String code, String text) {
        return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /** What a registry put into its answer can neither move the cursor nor colour what follows. */
    private static String plain(String text) {
        return PlainText.line(Secrets.masked(text));
    }
}
