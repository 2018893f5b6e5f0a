package tests.mirrors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Reference;
import lib.registry.Registry;
import lib.transfer.source.Flow;
import lib.transfer.source.Hosts;
import lib.transfer.source.Sources;
import org.junit.jupiter.api.Test;

//SOURCES Mirrored.java

/** Which mirror is asked what another one should have sent. */
class WitnessTest extends Mirrored {
    private static final int ENOUGH_TO_TELL = 70_000;

    @Test
    void should_ask_the_fastest_and_not_the_first_of_the_list() throws IOException, InterruptedException {
        mirror(4_000_000);
        mirror(4_000_000);
        Sources sources = new Hosts(connectionsPerHost).of(new Registry(Reference.parse(image), network()), 2, said::add);
        String slow = "http://" + mirrors.get(0).host();
        String fast = "http://" + mirrors.get(1).host();
        Flow slowly = sources.at(slow).host().begin();
        Flow fastly = sources.at(fast).host().begin();
        fastly.came(ENOUGH_TO_TELL);
        fastly.end();
        Thread.sleep(100);
        slowly.came(ENOUGH_TO_TELL);
        slowly.end();
        assertEquals(fast, sources.witness(new Descriptor("", Digest.of(new byte[0]), 1, null, null), List.of()).host().address());
    }
}
