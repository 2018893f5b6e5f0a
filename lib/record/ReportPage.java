package lib.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import lib.text.Json;
import lib.text.PlainText;
import lib.text.Secrets;

/**
 * An HTTP Archive as a page that shows it, and needs nothing else. Everything that came from outside stands in it as JSON without
 * a less-than sign, and its script puts it on the page as text: nothing of it can become a tag. No other script may run.
 */
final class ReportPage {
    private static final String HTML = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{hash}'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="data:,">
            <title>{title}</title>
            <style>
            :root {
                color-scheme: light dark;
                --page: #f6f7f9; --card: #fff; --ink: #1b2330; --soft: #566173; --line: #d8dde5; --focus: #0b57d0; --lane: #edf0f4;
                --connect: #b45f06; --tls: #8a3ab9; --wait: #8593a6; --receive: #2566c8; --good: #17692f; --turn: #8a5300; --bad: #b3261e;
            }
            @media (prefers-color-scheme: dark) {
                :root {
                    --page: #12161c; --card: #1a2028; --ink: #e4e9f0; --soft: #9aa7b8; --line: #313a46; --focus: #8ab4f8; --lane: #242c37;
                    --connect: #f0a04b; --tls: #c792ea; --wait: #7a8798; --receive: #5b9bf3; --good: #7bd992; --turn: #f2c46d; --bad: #ff8a80;
                }
            }
            * { box-sizing: border-box; }
            body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
            main, header { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
            header { padding-top: 1.5rem; }
            h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; }
            h2 { font-size: 1.1rem; margin: 0 0 .25rem; }
            p { margin: 0 0 .75rem; }
            .soft { color: var(--soft); }
            section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.25rem; margin: 1.25rem 0; }
            code, pre { font: .85rem/1.5 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; }
            pre { margin: .25rem 0 .75rem; padding: .6rem .8rem; background: var(--lane); border-radius: .4rem; overflow: auto; max-height: 28rem; }
            button { font: inherit; color: inherit; text-align: left; background: none; border: 0; padding: 0; cursor: pointer; }
            :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: .3rem; }
            .good { color: var(--good); } .turn { color: var(--turn); } .bad { color: var(--bad); }
            .tree, .tree ul { list-style: none; margin: 0; padding: 0; }
            .tree ul { margin-left: .55rem; padding-left: 1.1rem; border-left: 1px solid var(--line); }
            .tree li { padding: .1rem 0; overflow-wrap: anywhere; }
            .tree button { text-decoration: underline dotted; text-underline-offset: .2em; }
            .tree .other { color: var(--soft); }
            .lanes { position: relative; }
            .lane, .ruler { display: grid; grid-template-columns: 13rem 1fr; gap: .75rem; align-items: center; }
            .lane + .lane { margin-top: .35rem; }
            .track { position: relative; height: 1.6rem; background: var(--lane); border-radius: .3rem; }
            .ruler .track { background: none; height: 1.3rem; font-size: .75rem; color: var(--soft); }
            .ruler .track span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
            .ruler .track span:first-child { transform: none; } .ruler .track span:last-child { transform: translateX(-100%); }
            .bar { position: absolute; border-radius: .2rem; overflow: hidden; min-width: 5px; background: var(--wait); display: flex; }
            .bar:hover { filter: brightness(1.15); }
            .bar.failed { outline: 2px solid var(--bad); outline-offset: -2px; }
            .bar i { display: block; height: 100%; flex-shrink: 0; }
            .connect { background: var(--connect); } .tls { background: var(--tls); } .wait { background: var(--wait); } .receive { background: var(--receive); }
            .legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; font-size: .85rem; color: var(--soft); margin-bottom: .75rem; }
            .legend i { display: inline-block; width: .8rem; height: .8rem; border-radius: .15rem; margin-right: .4rem; vertical-align: -.05rem; }
            .requests { list-style: none; margin: 0; padding: 0; }
            .requests > li { border-top: 1px solid var(--line); }
            .request { width: 100%; display: grid; grid-template-columns: 2.5rem minmax(0, 1fr) 10.5rem 5rem 5rem 9rem; gap: .75rem; align-items: center; padding: .5rem 0; }
            .request:hover { background: var(--lane); }
            .request[aria-expanded=true] .why { font-weight: 600; }
            .request code { display: block; color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
            .number, .figure { text-align: right; font-variant-numeric: tabular-nums; }
            .request .track { height: .9rem; } .request .bar { top: 0; height: 100%; }
            .detail { padding: .25rem 0 1rem 3.25rem; }
            .detail h3 { font-size: .9rem; margin: .75rem 0 0; }
            table { border-collapse: collapse; font-size: .85rem; width: 100%; }
            th { text-align: left; font-weight: 600; width: 14rem; } th, td { padding: .15rem .75rem .15rem 0; vertical-align: top; overflow-wrap: anywhere; }
            @media (max-width: 52rem) {
                .lane, .ruler { grid-template-columns: 1fr; gap: .1rem; }
                .request { grid-template-columns: 1.5rem minmax(0, 1fr) 7rem; gap: .5rem; } .request > span:nth-child(3) { font-size: .9rem; overflow-wrap: anywhere; } .request .figure, .request .track { display: none; }
                .detail { padding-left: 0; } th { width: 9rem; }
            }
            </style>
            </head>
            <body>
            <header><h1>{title}</h1><p id="summary" class="soft"></p></header>
            <main>
            <noscript><p>This page is drawn by its own script, which is switched off here.</p></noscript>
            <section aria-labelledby="image"><h2 id="image">What the image is made of</h2>
            <p class="soft">An index leads to a manifest for each platform; a manifest names a config and layers. Each is known by its digest.</p>
            <div id="tree"></div></section>
            <section aria-labelledby="blobs"><h2 id="blobs">Blobs in time</h2>
            <p class="soft">A lane for each blob, and one for all that leads to them; a bar for each request of a blob or of a part of it. A bar leads to its request.</p>
            <div class="legend"><span><i class="connect"></i>connect</span><span><i class="tls"></i>TLS handshake</span><span><i class="wait"></i>wait for the answer</span><span><i class="receive"></i>receive</span></div>
            <div id="lanes" class="lanes"></div></section>
            <section aria-labelledby="sequence"><h2 id="sequence">All requests, one after the other</h2>
            <p class="soft">Open one for the curl command that sends the same, and its answer. Secrets are masked.</p>
            <ol id="requests" class="requests"></ol></section>
            </main>
            <script type="application/json" id="har">{har}</script>
            <script>{script}</script>
            </body>
            </html>
            """;

    private ReportPage() { }

    /** Returns the page for an archive. */
    static String of(String title, JsonNode archive) {
        String har = PlainText.json(Json.text(archive, false)).replace("<", "\\u003c");
        String shown = PlainText.line(Secrets.masked(title)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return HTML.replace("{title}", shown).replace("{hash}", hash(ReportScript.TEXT)).replace("{script}", ReportScript.TEXT).replace("{har}", har);
    }

    private static String hash(String script) {
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
