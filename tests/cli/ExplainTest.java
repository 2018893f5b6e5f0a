package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.image.Digest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Certificate;
import tests.support.CountingProxy;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.Program;
import tests.support.Reply;
import tests.support.Scratch;
import tests.support.Tools;

//SOURCES ../support/Certificate.java
//SOURCES ../support/CountingProxy.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Program.java
//SOURCES ../support/Reply.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/Tools.java

/** What --explain tells. */
class ExplainTest {
    private static final Pattern REQUEST = Pattern.compile("\\[([0-9]+)] [^\\n]+\\n    (curl (?:[^\\n]+\\\\\\n)+[^\\n]+)\\n    -> ([0-9]{3})[^\\n]* after [0-9]+ ms\\n((?:       [^\\n]+\\n)*)(    => [^\\n]+\\n)?");
    private static final Pattern END = Pattern.compile("\\[([0-9]+)] => ([0-9.]+ k?M?B) in [0-9]+ ms; [^\\n]+\\n");

    @TempDir
    Path folder;

    private final FlakyRegistry registry = new FlakyRegistry();
    private final String image = registry.image("1", new long[] {1, 2, 3}, 900_000, 800_000, 500);

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void should_keep_parallel_transfers_in_pieces_that_are_numbered() throws IOException {
        try (FlakyRegistry elsewhere = new FlakyRegistry()) {
            elsewhere.image("1", new long[] {1, 2, 3}, 900_000, 800_000, 500);
            registry.gate(authorization -> authorization == null ? 401 : 200);
            registry.behave(request -> Reply.redirecting("http://" + elsewhere.host()));
            String told = pull().run().orFail().stderr();
            String rest = END.matcher(REQUEST.matcher(told).replaceAll("")).replaceAll("");
            assertEquals("", rest, "every line belongs to a piece");
            List<Integer> numbers = REQUEST.matcher(told).results().map(found -> Integer.parseInt(found.group(1))).sorted().toList();
            assertTrue(numbers.size() > 12, numbers.toString());
            for (int i = 0; i < numbers.size(); i++) {
                assertEquals(i + 1, numbers.get(i));
            }
            Map<Integer, String> ends = new TreeMap<>();
            END.matcher(told).results().forEach(found -> assertEquals(null, ends.put(Integer.parseInt(found.group(1)), found.group(2))));
            for (MatchResult request : REQUEST.matcher(told).results().toList()) {
                assertEquals(request.group(3).startsWith("2"), ends.containsKey(Integer.parseInt(request.group(1))), request.group());
                assertEquals(request.group(3).startsWith("2"), request.group(5) == null, request.group());
            }
            assertTrue(told.contains("    => a challenge: next, ask the token server") && told.contains("    => it lies elsewhere: next, ask 127.0.0.1,"), told);
            assertFalse(told.contains("\u001b"), "colours in a file");
        }
    }

    @Test
    void should_show_curl_commands_that_get_the_same_answers() throws IOException {
        Tools.assumeInstalled("curl");
        registry.gate(authorization -> authorization == null ? 401 : 200);
        String told = pull().run().orFail().stderr();
        List<String> wrong = new ArrayList<>();
        int saved = 0;
        for (MatchResult request : REQUEST.matcher(told).results().toList()) {
            String output = request.group(2).contains("--output FILE") ? "" : " --output /dev/null";
            String answer = new Program("bash", "-c", request.group(2) + output + " --write-out '%{http_code}'").in(folder).env("TOKEN", "t").run().orFail().text();
            if (!answer.endsWith(request.group(3))) {
                wrong.add(answer + " for " + request.group());
            }
            Matcher whole = Pattern.compile("(?s)--output FILE.*/blobs/(sha256:[0-9a-f]{64})'").matcher(request.group(2));
            if (request.group(3).equals("200") && whole.find()) {
                assertEquals(whole.group(1), Digest.of(Files.readAllBytes(folder.resolve("FILE"))).toString(), "what curl saves, as a terminal would not take it");
                saved++;
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(saved > 0, told);
        assertTrue(told.contains("         --header \"Authorization: Bearer $TOKEN\" \\\n"), told);
    }

    @Test
    void should_show_curl_commands_that_go_the_way_that_options_name() throws IOException {
        Tools.assumeInstalled("curl");
        try (DebianRegistry secure = DebianRegistry.startWithTls(Scratch.folder("empty"), Certificate.create()); CountingProxy proxy = new CountingProxy("alice:s3cret")) {
            String authority = Files.copy(secure.ca(), folder.resolve("$TOKEN's authority.crt")).toString();
            String address = "http://alice:s3cret@" + proxy.address();
            for (List<String> options : List.of(List.of("--cacert", authority), List.of("--insecure"), List.of("--cacert", authority, "--proxy", address), List.of("--cacert", authority, "--proxy="))) {
                List<String> arguments = new ArrayList<>(List.of("--explain", "--retries", "0", secure.image("app:none")));
                arguments.addAll(options);
                Program.Result result = Dray.run("manifest", arguments.toArray(String[]::new));
                assertEquals(3, result.exitCode(), result.toString());
                List<MatchResult> requests = REQUEST.matcher(result.stderr()).results().toList();
                assertFalse(requests.isEmpty() || result.stderr().contains("s3cret"), result.stderr());
                int before = proxy.asked().size();
                for (MatchResult request : requests) {
                    Program.Result answer = new Program("bash", "-c", request.group(2)).env("PROXY_LOGIN", "alice:s3cret")
                            .env(options.contains("--proxy=") ? "https_proxy" : "no_proxy", options.contains("--proxy=") ? "http://localhost:1" : "*").run();
                    assertTrue(answer.exitCode() == 0 && answer.text().contains(" " + request.group(3)), answer + " for " + request.group());
                }
                assertEquals(options.contains(address) ? before + requests.size() : before, proxy.asked().size(), result.stderr());
            }
        }
    }

    @Test
    void should_be_coloured_on_a_terminal_only_and_not_where_somebody_wants_no_colour() {
        Tools.assumeInstalled("script");
        assertTrue(onTerminal("").contains("\u001b[1m[1] "), "no colour");
        assertFalse(onTerminal("NO_COLOR=1 ").contains("\u001b["), "a colour");
        assertTrue(onTerminal("NO_COLOR= ").contains("\u001b["), "an empty NO_COLOR means nothing");
    }

    @Test
    void should_not_let_an_answer_colour_or_move_anything() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/\u001b[31mred");
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
        try {
            String told = Dray.run("manifest", "--explain", "127.0.0.1:" + server.getAddress().getPort() + "/app:1").stderr();
            assertTrue(told.contains("Content-Type: text/?[31mred\n") && !told.contains("\u001b"), told);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void should_say_what_a_refusal_means_and_that_no_answer_came() {
        Program.Result result = Dray.run("manifest", "--explain", "--retries", "0", registry.host() + "/app:none");
        assertTrue(result.stderr().contains("-> 404 Not Found after"), result.stderr());
        assertTrue(result.stderr().contains("=> a refusal: the body says why\n"), result.stderr());
        result = Dray.run("manifest", "--explain", "--retries", "0", "localhost:1/app:none");
        assertTrue(result.stderr().contains("-> no answer: "), result.stderr());
    }

    private Program pull() {
        return Dray.script("pull", "--explain", "--quiet", "--platform", "linux/amd64", "--segment", "64K", "-o", "a.tar", image).in(folder);
    }

    private String onTerminal(String variables) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = variables + "HOME=" + folder + " " + java + " -cp '" + System.getProperty("java.class.path") + "' scripts.manifest --explain --platform linux/amd64 " + image;
        return new Program("script", "-qec", command, "/dev/null").run().orFail().text();
    }
}
