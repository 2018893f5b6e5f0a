package lib.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.registry.http.Exchange;

/** A request as the curl command that sends the same, the same way: long options, one header a line, variables in place of secrets. */
final class Curl {
    private Curl() { }

    /** Returns the command; each line but the first begins with {@code indent}. */
    static String of(Exchange exchange, String indent) {
        List<String> lines = new ArrayList<>();
        lines.add("curl --silent --show-error " + (exchange.method().equals("HEAD") ? "--head" : isBinary(exchange) ? "--dump-header - --output FILE" : "--include"));
        lines.addAll(way(exchange.way()));
        for (Map.Entry<String, String> header : exchange.headers().entrySet()) {
            lines.add("--header " + doublyQuoted(header.getKey() + ": " + header.getValue()));
        }
        if (exchange.isWrite()) {
            lines.add("--request " + exchange.method() + (List.of("PUT", "PATCH").contains(exchange.method()) ? " --data-binary @FILE" : ""));
        }
        if (exchange.form() != null) {
            lines.add("--data " + doublyQuoted(exchange.form()));
        }
        if (exchange.uri().matches(".*[\\[\\]{}].*")) {
            lines.add("--globoff");
        }
        lines.add(quoted(exchange.uri().replace("'", "%27")));
        return String.join(" \\\n" + indent, lines);
    }

    /** For curl, too, a proxy that is named goes before the variables: but for no_proxy, which therefore is emptied. */
    private static List<String> way(Exchange.Way way) {
        List<String> lines = new ArrayList<>();
        if (way.proxy() != null) {
            lines.add("--proxy " + quoted(way.proxy()) + (way.proxy().isEmpty() ? "" : " --noproxy ''") + (way.login() ? " --proxy-user \"$PROXY_LOGIN\"" : ""));
        }
        if (way.resolve() != null) {
            lines.add("--resolve " + quoted(way.resolve()));
        }
        if (way.cacert() != null) {
            lines.add("--cacert " + quoted(way.cacert().toString()));
        }
        if (way.insecure()) {
            lines.add("--insecure");
        }
        return lines;
    }

    /** curl does not print binary data on a terminal. */
    private static boolean isBinary(Exchange exchange) {
        String type = String.valueOf(exchange.answer("Content-Type"));
        return exchange.method().equals("GET") && exchange.status() / 100 == 2 && !type.contains("json") && !type.contains("text");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** The shell puts in what variables hold, and nothing else. */
    private static String doublyQuoted(String text) {
        return '"' + text.replaceAll("[\\\\\"`]", "\\\\$0").replaceAll("\\$(?!(TOKEN|CREDENTIALS|IDENTITY_TOKEN|OF_SETTINGS)\\b)", "\\\\\\$") + '"';
    }
}
