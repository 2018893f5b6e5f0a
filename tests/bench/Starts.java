package tests.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

//SOURCES Contender.java
//SOURCES Launcher.java

/** Programs that print a manifest, which is next to no work: what they take is their start. */
final class Starts {
    private static final String DOCKER_DRAG = """
            exec python3 -c '
            import json, sys, requests
            host, name = sys.argv[1].split("/", 1)
            name, tag = name.rsplit(":", 1)
            accept = "application/vnd.oci.image.manifest.v1+json"
            print(json.dumps(requests.get("http://%s/v2/%s/manifests/%s" % (host, name, tag), headers={"Accept": accept}).json()))
            ' $IMAGE""";
    private static final String CURL = "exec curl -sSf -H 'Accept: application/vnd.oci.image.manifest.v1+json' \"http://${IMAGE%%/*}/v2/${NAME%:*}/manifests/${NAME##*:}\"";
    /** JBang itself is there, but neither a build nor a kept start. */
    private static final String COLD = """
            mkdir -p $OUT/jbang/cache/dray
            ln -s %s/dray/jbang-cli-*.jar $OUT/jbang/cache/dray/ 2> /dev/null
            export JBANG_DIR=$OUT/jbang
            unset JBANG_CACHE_DIR
            exec %s manifest $IMAGE""";

    private Starts() { }

    static List<Contender> all(List<Launcher> launchers, Path folder) throws IOException, InterruptedException {
        List<Contender> contenders = new ArrayList<>(List.of(
                new Contender("java -version", List.of("java"), "exec ${JAVA_HOME:+$JAVA_HOME/bin/}java -version", "")));
        for (Launcher launcher : launchers) {
            String jbang = launcher.quoted();
            contenders.addAll(List.of(
                    new Contender(launcher.name() + " manifest", List.of("java"), "exec " + jbang + " manifest $IMAGE", ""),
                    new Contender(launcher.name() + " manifest, cold", List.of("java"), COLD.formatted(Launcher.cache(), jbang), ""),
                    new Contender(launcher.name() + ": java -cp, nothing shared", List.of("java"),
                            "exec ${JAVA_HOME:+$JAVA_HOME/bin/}java -cp '" + launcher.classpath("manifest", folder) + "' scripts.manifest $IMAGE", ""),
                    new Contender(launcher.name() + " token, manifest, blob, assemble in a pipe", List.of("java"),
                            "set -o pipefail; %1$s token $IMAGE | %1$s manifest | %1$s blob --to $OUT/layout | %1$s assemble -o $OUT/image.tar".formatted(jbang), "image.tar")));
        }
        contenders.addAll(List.of(
                new Contender("curl", List.of("curl"), "NAME=${IMAGE#*/}; " + CURL, ""),
                new Contender("python3 with requests, as docker-drag", List.of("python3"), DOCKER_DRAG, ""),
                new Contender("crane manifest", List.of("crane"), "exec crane manifest --insecure $IMAGE", ""),
                new Contender("skopeo inspect --raw", List.of("skopeo"), "exec skopeo inspect --raw --tls-verify=false docker://$IMAGE", "")));
        return contenders;
    }
}
