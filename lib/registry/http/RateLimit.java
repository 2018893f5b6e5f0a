package lib.registry.http;

import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.text.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * How many pulls a registry allows, as it says in the headers of its answers: {@code 100;w=21600} are 100 in 21600 seconds.
 *
 * @param limit     the value of RateLimit-Limit, or null
 * @param remaining the value of RateLimit-Remaining, or null
 * @param source    whom the pulls are counted for, by Docker-RateLimit-Source, or null
 */
public record RateLimit(@Nullable String limit, @Nullable String remaining, @Nullable String source) {
    private static final Pattern WINDOW = Pattern.compile(".*;w=([0-9]{1,9})");

    /** Returns what an answer says, or null if it says nothing. */
    static @Nullable RateLimit of(Response answer) {
        String limit = answer.header("RateLimit-Limit");
        String remaining = answer.header("RateLimit-Remaining");
        return limit == null && remaining == null ? null : new RateLimit(limit, remaining, answer.header("Docker-RateLimit-Source"));
    }

    /** Returns what the last of these answers says that says something, or null. */
    public static @Nullable RateLimit of(List<Exchange> exchanges) {
        return exchanges.stream().map(each -> new RateLimit(header(each, "RateLimit-Limit"), header(each, "RateLimit-Remaining"), header(each, "Docker-RateLimit-Source")))
                .filter(limit -> limit.limit != null || limit.remaining != null).reduce((earlier, later) -> later).orElse(null);
    }

    private static @Nullable String header(Exchange exchange, String name) {
        String value = exchange.answer(name);
        return value == null ? null : PlainText.cut(value);
    }

    /** Returns {@code 76 of 100 pulls left (per 6 hours), counted for 192.0.2.1}, or as much of that as is known. */
    public String inWords() {
        String known = String.join(" of ", Stream.of(remaining, limit).filter(Objects::nonNull).map(value -> value.replaceFirst(";w=.*", "")).toList());
        return PlainText.cut(known + (remaining == null ? " pulls" : " pulls left") + period() + (source == null ? "" : ", counted for " + source));
    }

    private String period() {
        Matcher seconds = WINDOW.matcher(String.valueOf(limit));
        long minutes = seconds.matches() ? Long.parseLong(seconds.group(1)) / 60 : 0;
        return minutes == 0 ? "" : minutes % 60 == 0 ? " (per " + minutes / 60 + " hours)" : " (per " + minutes + " minutes)";
    }
}
