package tests.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import lib.text.Json;
import tests.support.Program;
import tests.support.Scratch;
import tests.support.Tools;

//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/Tools.java

/**
 * A Chromium without a window, and one page in it.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">Chrome DevTools Protocol</a>
 */
final class Browser implements AutoCloseable {
    private static final int SECONDS = 60;

    private final Path profile = Scratch.folder("chromium");
    private final Program.Running process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private String port;
    private final AtomicInteger commands = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** Starts it. The test is skipped where it is not installed. */
    Browser() throws Exception {
        Tools.assumeInstalled("chromium");
        process = new Program("chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
                "--lang=en", "--window-size=1200,1100", "--remote-debugging-port=0", "--user-data-dir=" + profile, "about:blank").start();
        try {
            socket = http.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(SECONDS)).buildAsync(page(), new Ear()).get(SECONDS, TimeUnit.SECONDS);
            for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
                send(domain + ".enable", Json.newObject());
            }
        } catch (Exception | Error e) {
            process.close();
            throw e;
        }
    }

    /** Where the page listens: its port is in a file of the profile. */
    private URI page() throws Exception {
        Path active = profile.resolve("DevToolsActivePort");
        for (int i = 0; i < 20 * SECONDS; i++) {
            List<String> lines = Files.exists(active) ? Files.readAllLines(active) : List.of();
            if (lines.size() > 1) {
                port = lines.get(0);
                HttpRequest list = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).timeout(Duration.ofSeconds(SECONDS)).build();
                String targets = "{\"targets\":" + http.send(list, HttpResponse.BodyHandlers.ofString()).body() + "}";
                for (JsonNode target : Json.object(targets.getBytes(StandardCharsets.UTF_8), "the targets").path("targets")) {
                    if (target.path("type").asText().equals("page")) {
                        return URI.create(target.path("webSocketDebuggerUrl").asText());
                    }
                }
            }
            Program.pause(50);
        }
        throw new AssertionError("no page in Chromium: " + process.stderr());
    }

    /** Opens a file, as somebody who prefers light or dark, and waits until its script has drawn it. */
    void open(Path file, String lightOrDark) throws Exception {
        ObjectNode media = Json.newObject().put("media", "");
        media.putArray("features").addObject().put("name", "prefers-color-scheme").put("value", lightOrDark);
        send("Emulation.setEmulatedMedia", media);
        send("Page.navigate", Json.newObject().put("url", file.toUri().toString()));
        for (int i = 0; i < 20 * SECONDS; i++) {
            if (evaluate("document.readyState === 'complete' && location.protocol === 'file:'").asBoolean()) {
                return;
            }
            Program.pause(50);
        }
        throw new AssertionError("the page was not loaded: " + complaints);
    }

    /** Opens the network panel of the developer's tools, which Chromium has as a page of its own, and drops a file there. */
    void dropOnNetworkPanel(Path file) throws Exception {
        send("Page.navigate", Json.newObject().put("url", "http://127.0.0.1:" + port + "/devtools/devtools_app.html?panel=network"));
        await("Disable cache");
        for (String what : List.of("dragEnter", "dragOver", "drop")) {
            ObjectNode event = Json.newObject().put("type", what).put("x", 600).put("y", 600);
            event.putObject("data").put("dragOperationsMask", 1).putArray("files").add(file.toString());
            event.withObject("data").putArray("items");
            send("Input.dispatchDragEvent", event);
        }
    }

    /** Waits until the page holds these texts, also in the parts that have a tree of their own, and returns all of its text. */
    String await(String... texts) throws Exception {
        String shown = "";
        for (int i = 0; i < 20 * SECONDS; i++) {
            shown = evaluate("(function t(n) { return n.nodeType === 3 ? n.data : n.tagName === 'STYLE' ? '' : [...(n.shadowRoot?.childNodes || []), ...n.childNodes].map(t).join(' '); })(document.body || document)").asText();
            if (Stream.of(texts).allMatch(shown::contains)) {
                return shown;
            }
            Program.pause(50);
        }
        throw new AssertionError("not all of " + List.of(texts) + " in: " + shown);
    }

    /** Makes the page this many pixels wide, as on a telephone; 0 is as wide as the window. */
    void width(int pixels) throws Exception {
        send("Emulation.setDeviceMetricsOverride", Json.newObject().put("width", pixels).put("height", 0).put("deviceScaleFactor", 0).put("mobile", false));
    }

    /** Returns what an expression is in the page. */
    JsonNode evaluate(String expression) throws Exception {
        JsonNode answer = send("Runtime.evaluate", Json.newObject().put("expression", expression).put("returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.path("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    /** Presses and releases the mouse in the middle of an element, wherever that is on the page. */
    void click(String selector) throws Exception {
        JsonNode place = evaluate("(e => { e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect(); return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })"
                + "(document.querySelector(" + Json.text(Json.newObject().textNode(selector), false) + "))");
        for (String what : List.of("mousePressed", "mouseReleased")) {
            send("Input.dispatchMouseEvent", Json.newObject().put("type", what).put("x", place.path("x").asDouble()).put("y", place.path("y").asDouble()).put("button", "left").put("clickCount", 1));
        }
    }

    /** Presses and releases a key of the keyboard. */
    void press(String key, int code, String text) throws Exception {
        for (String what : List.of("keyDown", "keyUp")) {
            send("Input.dispatchKeyEvent", Json.newObject().put("type", what).put("key", key).put("code", key).put("windowsVirtualKeyCode", code).put("text", what.equals("keyDown") ? text : ""));
        }
    }

    /** Returns what the page looks like, as PNG. */
    byte[] screenshot() throws Exception {
        return Base64.getDecoder().decode(send("Page.captureScreenshot", Json.newObject().put("format", "png")).path("data").asText());
    }

    /** Returns the errors and warnings that the console shows. */
    List<String> complaints() {
        return complaints;
    }

    /** Returns the addresses that were asked for. */
    List<String> requests() {
        return requests;
    }

    private JsonNode send(String method, ObjectNode parameters) throws Exception {
        int id = commands.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        ObjectNode command = Json.newObject().put("id", id).put("method", method);
        command.set("params", parameters);
        socket.sendText(Json.text(command, false), true).get(SECONDS, TimeUnit.SECONDS);
        return answer.get(SECONDS, TimeUnit.SECONDS);
    }

    private void heard(String text) throws IOException {
        JsonNode message = Json.object(text.getBytes(StandardCharsets.UTF_8), "what Chromium says");
        if (message.has("id")) {
            CompletableFuture<JsonNode> answer = waiting.remove(message.path("id").asInt());
            if (message.has("error")) {
                answer.completeExceptionally(new AssertionError(message.path("error").toString()));
            } else {
                answer.complete(message.path("result"));
            }
            return;
        }
        switch (message.path("method").asText()) {
            case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded" -> complaints.add(message.path("params").toString());
            case "Network.requestWillBeSent" -> requests.add(message.path("params").path("request").path("url").asText());
            default -> { }
        }
    }

    /** A message may come in several pieces. */
    private final class Ear implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    heard(text.toString());
                } catch (IOException e) {
                    complaints.add(e.toString());
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    @Override
    public void close() {
        socket.abort();
        process.close();
    }
}
