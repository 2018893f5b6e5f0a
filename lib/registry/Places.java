package lib.registry;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import lib.failure.RegistryException;
import lib.failure.WrongContent;
import lib.registry.hosts.Endpoint;

//SOURCES hosts/Endpoint.java
//SOURCES ../failure/RegistryException.java
//SOURCES ../failure/WrongContent.java

/** The places of one image: mirrors that are asked in order until they fail, and the registry itself, which has the last word. */
final class Places {
    /** A question to one place. */
    interface Question<T> {
        T ask(Endpoint place) throws IOException;
    }

    private final List<Endpoint> all;
    private final Consumer<String> notice;
    private final Set<String> passedOver = ConcurrentHashMap.newKeySet();
    private volatile Endpoint answered;

    /** @param all the mirrors, and the registry itself last; @param notice is told of each mirror that fails */
    Places(List<Endpoint> all, Consumer<String> notice) {
        this.all = all;
        this.notice = notice;
        this.answered = all.get(0);
    }

    Endpoint origin() {
        return all.get(all.size() - 1);
    }

    /** Returns the place that gave the last answer; before there is one, the first. */
    Endpoint answered() {
        return answered;
    }

    /** Returns the place with this address before {@code /v2}, or the registry itself. */
    Endpoint at(String base) {
        return all.stream().filter(place -> place.base().toString().equals(base)).findFirst().orElse(origin());
    }

    /**
     * Asks one place after the other, without the mirrors that failed before.
     *
     * @param tag whether the question is what a tag stands for, which not every mirror may be asked
     * @throws IOException what the registry itself failed with
     */
    <T> T ask(boolean tag, Question<T> question) throws IOException {
        for (Endpoint mirror : all.subList(0, all.size() - 1)) {
            if (!passedOver.contains(mirror.address()) && (tag ? mirror.tags() : mirror.digests())) {
                try {
                    T answer = question.ask(mirror);
                    answered = mirror;
                    return answer;
                } catch (RegistryException | WrongContent e) {
                    passOver(mirror, e.getMessage());
                }
            }
        }
        T answer = question.ask(origin());
        answered = origin();
        return answer;
    }

    private void passOver(Endpoint mirror, String why) {
        if (passedOver.add(mirror.address())) {
            notice.accept("mirror passed over: " + why);
        }
    }

    /** What one of the mirrors sent was wrong, and it is not known which of them: none is asked for anything more. */
    void onlyOrigin() {
        for (Endpoint mirror : all.subList(0, all.size() - 1)) {
            passOver(mirror, mirror.base() + " is not to be relied on, for wrong content came");
        }
    }
}
