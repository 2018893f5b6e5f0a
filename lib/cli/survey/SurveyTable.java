package lib.cli.survey;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import lib.cli.terminal.Table;
import lib.failure.RegistryException;
import lib.image.Digest;
import lib.registry.http.RequestFailure;
import lib.registry.mirrors.State;
import lib.registry.mirrors.Survey;
import lib.registry.mirrors.SurveyedEndpoint;
import lib.text.Sizes;
import org.jspecify.annotations.Nullable;

/** A survey of mirrors for people: a row for each place, and below it what else there is to say. It fits into 80 columns. */
public final class SurveyTable {
    private static final int WIDTH = 80;
    /** Longer addresses have a line of their own. */
    private static final int LONGEST_ADDRESS = 27;
    private static final Pattern WHOLE_DIGEST = Pattern.compile("(sha256:[0-9a-f]{12})[0-9a-f]{52}");

    private SurveyTable() { }

    /** Returns the table, each line with its end. */
    public static String of(Survey found) {
        Table rows = new Table("PLACE", "STATE", "LATENCY", "SPEED", "RANGES", "ACCESS");
        found.places().forEach(place -> rows.row(address(place, found).length() > LONGEST_ADDRESS ? "" : address(place, found), place.state().label(),
                place.latencyMillis() < 0 ? "" : Math.max(1, Math.round(place.latencyMillis())) + " ms", place.rate() < 0 ? "" : Sizes.of(place.rate()) + "/s",
                place.sample() == null ? "" : place.sample().isPart() ? "yes" : "no", place.access() == null ? "" : place.access().name().toLowerCase(Locale.ROOT)));
        List<String> lines = rows.toString().lines().toList();
        StringBuilder text = new StringBuilder(lines.get(0)).append('\n');
        for (int i = 0; i < found.places().size(); i++) {
            SurveyedEndpoint place = found.places().get(i);
            String address = Table.plain(address(place, found));
            text.append(address.length() > LONGEST_ADDRESS ? address + "\n" : "").append(lines.get(i + 1)).append('\n');
            notes(place, found).forEach(note -> text.append(wrapped(Table.plain(note))));
        }
        return text.toString();
    }

    /** Returns the address, with the repository's name there if it has another one; HTTPS goes without saying. */
    private static String address(SurveyedEndpoint place, Survey found) {
        String repository = place.endpoint().repository();
        return place.endpoint().base().toString().replaceFirst("^https://", "").replaceFirst("/$", "") + (repository.equals(found.reference().repository()) ? "" : "/" + repository);
    }

    private static List<String> notes(SurveyedEndpoint place, Survey found) {
        List<String> notes = new ArrayList<>();
        if (place.isRegistry()) {
            notes.add("the registry itself");
        }
        if (place.endpoint().insecure() && place.endpoint().base().getScheme().equals("https")) {
            notes.add("its certificate was not checked");
        }
        if (place.state() == State.ANOTHER_IMAGE) {
            notes.add("the tag points to " + shortened(place.digest()) + " instead of " + shortened(found.digest()) + age(place.created(), found.created()));
        } else if (place.isOk() && !place.digest().equals(found.digest())) {
            notes.add("the tag points to the image for this platform alone, " + shortened(place.digest()));
        }
        if (place.isOk() && place.sample() == null) {
            notes.add(place.limit() == null ? "its speed is not known: there is no layer to fetch" : "its speed was not measured, as fetching the manifest counts as a pull");
        }
        if (place.sample() != null && !place.sample().isPart()) {
            notes.add("it sends whole layers only, as caches do the first time");
        }
        if (place.limit() != null) {
            notes.add(place.limit().inWords());
        }
        if (place.failure() != null) {
            String address = RequestFailure.place(place.endpoint().frontDoor()) + ": "; // which the row has
            String message = String.valueOf(place.failure().getMessage());
            notes.add((message.startsWith(address) ? message.substring(address.length()) : message) + again(place.failure()));
        }
        return notes;
    }

    private static String again(Exception failure) {
        return failure instanceof RegistryException e && e.retryAfterMillis() > 0 ? "; it asks to wait for " + (e.retryAfterMillis() + 999) / 1000 + " s" : "";
    }

    private static String shortened(Digest digest) {
        return digest.algorithm() + ":" + digest.shortHex();
    }

    private static String age(@Nullable Instant created, @Nullable Instant right) {
        if (created == null || right == null) {
            return created == null ? "" : ", created " + created.toString().replaceFirst("T.*", "");
        }
        Duration older = Duration.between(created, right);
        long days = older.abs().toDays();
        String by = days > 1 ? days + " days" : older.abs().toHours() + " hours";
        return older.isZero() ? ", created at the same time" : ", " + by + (older.isNegative() ? " newer" : " older");
    }

    /** Returns a note below its row, in as many lines as it takes. */
    private static String wrapped(String note) {
        StringBuilder text = new StringBuilder();
        String line = " ";
        for (String word : WHOLE_DIGEST.matcher(note).replaceAll("$1").split(" ")) {
            if (line.length() > 1 && line.length() + 1 + word.length() > WIDTH - 1) {
                text.append(line).append('\n');
                line = " ";
            }
            line += " " + word;
        }
        return text.append(line).append('\n').toString();
    }
}
