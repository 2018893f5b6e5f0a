package tests.bench;

import java.util.ArrayList;
import java.util.List;

//SOURCES Contender.java
//SOURCES Launcher.java

/** Programs that make a root file system of {@code $LAYOUT}, whose layers are {@code $LAYERS}, lowest first. */
final class Extractions {
    static final String TAR = "tar -xzf, a layer after the other (wrong: no whiteouts)";

    private Extractions() { }

    static List<Contender> all(List<Launcher> launchers) {
        String rootless = System.getProperty("user.name").equals("root") ? "" : "--rootless ";
        List<Contender> contenders = new ArrayList<>(List.of(
                new Contender(TAR, List.of("tar", "gzip"),
                        "set -e; mkdir $OUT/root; for layer in $LAYERS; do tar -xzf $layer -C $OUT/root; done", "root"),
                new Contender("gzip -dc of the layers alone", List.of("gzip"), "set -e; for layer in $LAYERS; do gzip -dc < $layer > /dev/null; done", "")));
        for (Launcher launcher : launchers) {
            contenders.add(new Contender(launcher.name() + " extract", List.of("java"), "exec " + launcher.quoted() + " extract --quiet $LAYOUT -C $OUT/root", "root"));
            contenders.add(new Contender(launcher.name() + " extract, from the registry", List.of("java"),
                    "exec " + launcher.quoted() + " extract --quiet $IMAGE -C $OUT/root", "root"));
        }
        contenders.addAll(List.of(
                new Contender("umoci unpack", List.of("umoci"), "exec umoci unpack " + rootless + "--image $LAYOUT:1 $OUT/bundle", "bundle"),
                new Contender("crane export into tar -x, from the registry", List.of("crane", "tar"),
                        "set -e -o pipefail; mkdir $OUT/root; crane export --insecure $IMAGE - | tar -x -C $OUT/root", "root")));
        return contenders;
    }
}
