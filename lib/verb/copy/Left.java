package lib.verb.copy;

import java.util.List;
import java.util.function.Consumer;
import lib.image.Referrer;

/** What refers to manifests that have another digest where they are pushed to: it is of no use there. */
final class Left {
    private Left() { }

    static void say(List<Referrer> referrers, Consumer<String> notice) {
        int count = referrers.stream().mapToInt(Referrer::count).sum();
        if (count > 0) {
            notice.accept((count == 1 ? "1 signature or other referrer is" : count + " signatures and other referrers are")
                    + " not pushed: the manifest that is referred to, " + referrers.get(0).subject() + ", gets another digest");
        }
    }
}
