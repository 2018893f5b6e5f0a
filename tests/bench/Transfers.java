package tests.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

//SOURCES BenchImage.java
//SOURCES Contender.java
//SOURCES Launcher.java

/** Programs that bring an image from a registry. */
final class Transfers {
    private static final int CONNECTIONS = 6;

    private Transfers() { }

    /** Those that compare best: parallel curl to files is the floor, as nothing checks or packs what it brings. */
    static List<Contender> all(BenchImage image, List<Launcher> launchers) {
        List<Contender> contenders = new ArrayList<>(List.of(
                new Contender("curl to files, parallel", List.of("curl"), curls(image.blobs(), "curl -sSf", url -> "-o $OUT/" + hex(url) + " " + url), ""),
                new Contender("curl into sha256sum, parallel", List.of("curl"), curls(image.blobs(), "", url -> "curl -sSf " + url + " | sha256sum;"), "")));
        launchers.forEach(launcher -> contenders.add(pull(launcher)));
        contenders.addAll(List.of(
                new Contender("crane pull", List.of("crane"), "exec crane pull --insecure $IMAGE $OUT/image.tar", "image.tar"),
                new Contender("regctl image export", List.of("regctl"), "exec regctl image export --host reg=$REGISTRY,tls=disabled $IMAGE $OUT/image.tar", "image.tar"),
                new Contender("oras copy to a layout", List.of("oras"), "exec oras copy --no-tty --from-plain-http $IMAGE --to-oci-layout $OUT/image:1", "image"),
                new Contender("skopeo copy to oci", List.of("skopeo"), skopeo("--src-tls-verify=false", "oci:$OUT/image:1"), "image"),
                new Contender("skopeo copy to docker-archive", List.of("skopeo"), skopeo("--src-tls-verify=false", "docker-archive:$OUT/image.tar:bench:1"), "image.tar")));
        return contenders;
    }

    /** The same over TLS. Variables have all of them trust the registry. */
    static List<Contender> overTls(BenchImage image, List<Launcher> launchers) {
        List<Contender> contenders = new ArrayList<>(List.of(
                new Contender("curl to files, parallel", List.of("curl"), curls(image.blobs(), "curl -sSf", url -> "-o $OUT/" + hex(url) + " " + url), "")));
        launchers.forEach(launcher -> contenders.add(pull(launcher)));
        launchers.forEach(launcher -> contenders.add(new Contender(launcher.name() + " pull, TLS by Java", List.of("java"), "export DRAY_TLS=jdk; " + pull(launcher).script(), "image.tar")));
        contenders.addAll(List.of(
                new Contender("crane pull", List.of("crane"), "exec crane pull $IMAGE $OUT/image.tar", "image.tar"),
                new Contender("regctl image export", List.of("regctl"), "exec regctl image export $IMAGE $OUT/image.tar", "image.tar"),
                new Contender("oras copy to a layout", List.of("oras"), "exec oras copy --no-tty --from-plain-http=false $IMAGE --to-oci-layout $OUT/image:1", "image"),
                new Contender("skopeo copy to oci", List.of("skopeo"), skopeo("--src-tls-verify=true", "oci:$OUT/image:1"), "image")));
        return contenders;
    }

    /** One curl, which is what most scripts do, and Dray. */
    static List<Contender> overCappedLine(BenchImage image, List<Launcher> launchers) {
        List<Contender> contenders = new ArrayList<>(List.of(
                new Contender("one curl", List.of("curl"), "exec curl -sSf -o $OUT/blob " + image.blobs().get(0), "blob")));
        launchers.forEach(launcher -> contenders.add(pull(launcher)));
        return contenders;
    }

    /** Dray alone, for nothing else takes a blob from several places: from one mirror, and from three of which all are alike, one is slow, or all but one are. */
    static List<Contender> overMirrors(List<Launcher> launchers) {
        List<Contender> contenders = new ArrayList<>();
        for (Launcher launcher : launchers) {
            contenders.add(mirrored(launcher, "one mirror", "FIRST"));
            contenders.add(mirrored(launcher, "three", "FIRST", "SECOND", "THIRD"));
            contenders.add(mirrored(launcher, "three, one 10 times slower", "SLOW", "FIRST", "SECOND"));
            contenders.add(mirrored(launcher, "three, two 100 times slower", "SLOWEST", "SLOWEST2", "FIRST"));
        }
        return contenders;
    }

    private static Contender mirrored(Launcher launcher, String from, String... mirrors) {
        String options = Stream.of(mirrors).map(mirror -> " --mirror $REGISTRY=http://$" + mirror).collect(Collectors.joining());
        return new Contender(launcher.name() + " pull, " + from, List.of("java"), "exec " + launcher.quoted() + " pull --quiet" + options + " -o $OUT/image.tar $IMAGE", "image.tar");
    }

    private static Contender pull(Launcher launcher) {
        return new Contender(launcher.name() + " pull", List.of("java"), "exec " + launcher.quoted() + " pull --quiet -o $OUT/image.tar $IMAGE", "image.tar");
    }

    private static String skopeo(String tls, String target) {
        return "exec skopeo copy --quiet --insecure-policy " + tls + " docker://$IMAGE " + target;
    }

    /** A script that shares the addresses among as many processes as Dray has connections, and fails if one of them does. */
    private static String curls(List<String> urls, String begin, UnaryOperator<String> each) {
        int processes = Math.min(CONNECTIONS, urls.size());
        String starts = IntStream.range(0, processes)
                .mapToObj(process -> "{ set -e -o pipefail; " + begin + " " + IntStream.range(0, urls.size()).filter(i -> i % processes == process)
                        .mapToObj(i -> each.apply(urls.get(i))).collect(Collectors.joining(" ")) + "\n} & started+=($!)\n")
                .collect(Collectors.joining());
        return starts + "for process in ${started[@]}; do wait $process || exit 1; done";
    }

    private static String hex(String url) {
        return url.replaceFirst(".*:", "");
    }
}
