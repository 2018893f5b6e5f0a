package lib.registry.doctor;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.registry.http.Exchange;

/**
 * What a registry says of itself in the headers of its answers: its limit of pulls, and its clock.
 *
 * @param exchanges the requests so far and their answers
 */
record RegistryHeaders(List<Exchange> exchanges) {
    /** Returns how many pulls are left, as the last answer that says it does. */
    String limit() {
        return exchanges.stream().filter(exchange -> exchange.answer("RateLimit-Remaining") != null)
                .map(exchange -> left(exchange.answer("RateLimit-Remaining"), Objects.requireNonNullElse(exchange.answer("RateLimit-Limit"), "?"))
                        + (exchange.answer("Docker-RateLimit-Source") != null ? ", counted for " + exchange.answer("Docker-RateLimit-Source") : ""))
                .reduce((earlier, later) -> later).orElse("the registry reports none");
    }

    /** Returns {@code 76;w=21600} of {@code 100;w=21600} in words: so many pulls in so many seconds. */
    private static String left(String remaining, String limit) {
        Matcher seconds = Pattern.compile(".*;w=([0-9]{1,9})").matcher(limit);
        long minutes = seconds.matches() ? Long.parseLong(seconds.group(1)) / 60 : 0;
        String period = minutes == 0 ? "" : minutes % 60 == 0 ? " (per " + minutes / 60 + " hours)" : " (per " + minutes + " minutes)";
        return remaining.replaceFirst(";w=.*", "") + " of " + limit.replaceFirst(";w=.*", "") + " pulls left" + period;
    }

    /** Returns by how much this machine's clock differs from the registry's, by the last answer with a date. */
    String clock() {
        return exchanges.stream().map(exchange -> exchange.answer("Date")).filter(date -> date != null).reduce((earlier, later) -> later)
                .map(RegistryHeaders::difference).orElse("the registry does not say its time");
    }

    private static String difference(String date) {
        try {
            long ahead = System.currentTimeMillis() / 1000 - ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toEpochSecond();
            return ahead == 0 ? "0 s from the registry's" : Math.abs(ahead) + " s " + (ahead > 0 ? "ahead of" : "behind") + " the registry's";
        } catch (DateTimeParseException e) {
            return "the registry's time is unreadable: " + date;
        }
    }
}
