package lib.cli.survey;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import lib.cli.CommonOptions;
import lib.failure.RegistryException;
import lib.registry.mirrors.State;
import lib.registry.mirrors.Survey;
import lib.registry.mirrors.SurveyedEndpoint;
import lib.text.Json;

/** A survey of mirrors for programs: what is not known of a place has no key. */
public final class SurveyJson {
    private SurveyJson() { }

    /** Returns an object with the list {@code places}, the best first. */
    public static ObjectNode of(Survey found) {
        ObjectNode json = Json.newObject();
        if (found.digest() != null) {
            json.put("comparedWith", found.reference().digest() != null ? "digest" : found.isByMost() ? "most mirrors" : "registry");
        }
        ArrayNode places = json.putArray("places");
        found.places().forEach(place -> places.add(of(place)));
        return json;
    }

    private static ObjectNode of(SurveyedEndpoint place) {
        ObjectNode json = Json.newObject().put("address", place.endpoint().base().toString()).put("repository", place.endpoint().repository()).put("source", place.source())
                .put("registry", place.isRegistry()).put("ok", place.isOk()).put("state", place.state().label()).put("tls", tls(place));
        if (place.access() != null) {
            json.put("access", place.access().name().toLowerCase(Locale.ROOT));
        }
        if (place.latencyMillis() >= 0) {
            json.put("latencyMillis", place.latencyMillis());
        }
        if (place.digest() != null) {
            json.put("digest", place.digest().toString());
        }
        if (place.created() != null) {
            json.put("created", place.created().toString());
        }
        if (place.sample() != null) {
            json.put("ranges", place.sample().isPart()).put("bytes", place.sample().bytes()).put("bytesPerSecond", place.rate());
        }
        if (place.limit() != null) {
            json.put("limit", place.limit().limit()).put("remaining", place.limit().remaining());
        }
        if (place.failure() instanceof RegistryException failure && failure.retryAfterMillis() >= 0) {
            json.put("retryAfterSeconds", (failure.retryAfterMillis() + 999) / 1000);
        }
        return place.failure() == null ? json : json.put("failure", CommonOptions.plain(place.failure().getMessage()));
    }

    private static String tls(SurveyedEndpoint place) {
        return !place.endpoint().base().getScheme().equals("https") ? "none" : place.state() == State.TLS_FAILS ? "fails" : place.latencyMillis() < 0 ? "unknown"
                : place.endpoint().insecure() ? "not checked" : "checked";
    }
}
