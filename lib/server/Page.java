package lib.server;

import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A page of a list in lexical order: as many names as a client asks for, behind the last one that it has (distribution-spec, Listing Tags). */
public final class Page {
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,9}");

    private Page() { }

    /** Returns the names that a request wants, and has the answer name the next page, if there is one. */
    public static List<String> of(List<String> names, HttpExchange exchange) {
        String n = parameter(exchange, "n");
        String last = parameter(exchange, "last");
        List<String> rest = last == null ? names : names.stream().filter(name -> name.compareTo(last) > 0).toList();
        int most = n != null && COUNT.matcher(n).matches() ? Integer.parseInt(n) : rest.size();
        if (most >= rest.size()) {
            return rest;
        }
        if (most > 0) {
            String next = exchange.getRequestURI().getRawPath() + "?n=" + most + "&last=" + URLEncoder.encode(rest.get(most - 1), StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Link", "<" + next + ">; rel=\"next\"");
        }
        return rest.subList(0, most);
    }

    /** Returns a parameter of a request's query, or null if it has none of that name. */
    public static @Nullable String parameter(HttpExchange exchange, String name) {
        Matcher value = Pattern.compile("(?:^|&)" + name + "=([^&]*)").matcher(String.valueOf(exchange.getRequestURI().getRawQuery()));
        return value.find() ? URLDecoder.decode(value.group(1), StandardCharsets.UTF_8) : null;
    }
}
