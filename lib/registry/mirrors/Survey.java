package lib.registry.mirrors;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Reference;
import lib.registry.hosts.Endpoint;
import lib.text.Sizes;
import org.jspecify.annotations.Nullable;

/**
 * What was found at all places.
 *
 * @param digest  what the tag should point to, or null if nobody knows
 * @param created when that image was made, or null if that is not known
 * @param isByMost whether that is what most of the mirrors have, as the registry itself does not say it
 * @param places  the best first
 */
public record Survey(Reference reference, @Nullable Digest digest, @Nullable Instant created, boolean isByMost, List<SurveyedEndpoint> places) {
    private static final Comparator<SurveyedEndpoint> BEST_FIRST = Comparator.comparing(SurveyedEndpoint::state)
            .thenComparing(Comparator.comparingLong(SurveyedEndpoint::rate).reversed())
            .thenComparing(place -> place.endpoint().address());

    /** Compares the places with each other, and sorts them. */
    static Survey of(Reference reference, List<EndpointSurvey> places) {
        Digest digest = expected(reference, places);
        List<EndpointSurvey> right = places.stream().filter(place -> digest != null && digest.equals(place.digest()) && place.content() != null).toList();
        List<Digest> manifests = right.stream().map(place -> place.content().manifest().digest()).toList();
        List<SurveyedEndpoint> results = new ArrayList<>();
        for (EndpointSurvey place : places) {
            // a place with one platform only may have its manifest under the tag, where others have the index that leads to it
            boolean same = digest == null || digest.equals(place.digest()) || place.content() != null && manifests.contains(place.content().manifest().digest());
            SurveyedEndpoint result = place.result();
            WrongContentException wrong = wrongBytes(place, places);
            results.add(result.isOk() && wrong != null ? result.in(State.WRONG_CONTENT, wrong) : result.isOk() && !same ? result.in(State.ANOTHER_IMAGE, null) : result);
        }
        Instant created = right.stream().map(place -> place.content().created()).filter(Objects::nonNull).findFirst().orElse(null);
        return new Survey(reference, digest, created, reference.digest() == null && digest != null && ofRegistry(places) == null, results.stream().sorted(BEST_FIRST).toList());
    }

    /** Returns what the tag should point to: what it does at the registry or, where that does not say it, at most places. */
    static @Nullable Digest expected(Reference reference, List<EndpointSurvey> places) {
        if (reference.digest() != null) {
            return reference.digest();
        }
        return ofRegistry(places) != null ? ofRegistry(places) : mostOf(places.stream().map(EndpointSurvey::digest).filter(Objects::nonNull).toList()).orElse(null);
    }

    private static @Nullable Digest ofRegistry(List<EndpointSurvey> places) {
        return places.stream().filter(place -> place.isRegistry()).map(EndpointSurvey::digest).filter(Objects::nonNull).findFirst().orElse(null);
    }

    private static Optional<Digest> mostOf(List<Digest> digests) {
        Map<Digest, Long> counts = digests.stream().collect(Collectors.groupingBy(each -> each, Collectors.counting()));
        return digests.stream().max(Comparator.comparing(counts::get));
    }

    /** Returns the failure of a place that sends other bytes of a layer than the registry does or, without that, than most places do; else null. */
    private static @Nullable WrongContentException wrongBytes(EndpointSurvey place, List<EndpointSurvey> places) {
        Sample own = place.sample();
        if (own == null || own.content() == null) {
            return null;
        }
        List<EndpointSurvey> others = places.stream().filter(each -> each.sample() != null && each.sample().content() != null && each.sample().layer().equals(own.layer())).toList();
        List<Digest> contents = others.stream().map(each -> each.sample().content()).toList();
        Optional<Digest> registrys = others.stream().filter(each -> each.isRegistry()).map(each -> each.sample().content()).findFirst();
        Digest most = mostOf(contents).orElseThrow();
        boolean isMost = 2 * contents.stream().filter(most::equals).count() > contents.size();
        if (registrys.isEmpty() && !isMost || own.content().equals(registrys.orElse(most))) {
            return null;
        }
        return new WrongContentException("the first " + Sizes.of(own.bytes()) + " of the layer " + own.layer() + " are not the same there as at "
                + (registrys.isPresent() ? "the registry itself" : "most other places"));
    }

    /** Returns the mirrors from which images can be pulled, the best first. */
    public List<Endpoint> usableMirrors() {
        return places.stream().filter(place -> place.isOk() && !place.isRegistry()).map(SurveyedEndpoint::endpoint).toList();
    }

    /** Returns what was found at the registry itself. */
    public SurveyedEndpoint registry() {
        return places.stream().filter(place -> place.isRegistry()).findFirst().orElseThrow();
    }
}
