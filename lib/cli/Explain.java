package lib.cli;

import java.util.concurrent.atomic.AtomicInteger;
import lib.registry.Exchange;

//SOURCES ../registry/Exchange.java

/** Tells on stderr what is asked, the same request as a curl command, and what came back. */
public final class Explain {
    private final AtomicInteger steps = new AtomicInteger();

    /** Each step is printed in one piece, so that parallel transfers do not mix their lines. */
    public void show(Exchange exchange) {
        StringBuilder text = new StringBuilder();
        text.append('[').append(steps.incrementAndGet()).append("] ").append(exchange.why()).append('\n');
        text.append("    curl --silent --show-error ").append(exchange.method().equals("HEAD") ? "--head" : "--include").append(" \\\n");
        exchange.headers().forEach((name, value) -> text.append("         --header \"").append(name).append(": ").append(value).append("\" \\\n"));
        if (exchange.form() != null) {
            text.append("         --data \"").append(exchange.form()).append("\" \\\n");
        }
        text.append("         '").append(withoutSignature(exchange)).append("'\n");
        text.append("    -> ").append(exchange.status() == 0 ? "no answer" : Integer.toString(exchange.status()));
        text.append(" after ").append(exchange.millis()).append(" ms\n");
        exchange.answer().forEach((name, value) -> text.append("       ").append(name).append(": ").append(value).append('\n'));
        System.err.print(text);
    }

    /** The query of a blob's address on another host is a signature, which is a secret; that of a token request is not. */
    private static String withoutSignature(Exchange exchange) {
        String uri = exchange.uri().toString();
        return uri.contains("scope=") ? uri : uri.replaceFirst("\\?.*", "?…");
    }
}
