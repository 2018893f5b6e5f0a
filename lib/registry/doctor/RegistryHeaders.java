package lib.registry.doctor;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import lib.registry.http.Exchange;
import lib.registry.http.RateLimit;

/**
 * What a registry says of itself in the headers of its answers: its limit of pulls, and its clock.
 *
 * @param exchanges the requests so far and their answers
 */
record RegistryHeaders(List<Exchange> exchanges) {
    /** Returns how many pulls are left, as the last answer that says it does. */
    String limit() {
        RateLimit limit = RateLimit.of(exchanges);
        return limit == null ? "the registry reports none" : limit.inWords();
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
