package lib.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import lib.text.Json;
import lib.text.PlainText;
import lib.text.Resource;
import lib.text.Secrets;

//FILES lib/record/report.html=report.html
//FILES lib/record/report.css=report.css
//FILES lib/record/report.js=report.js

/**
 * An HTTP Archive as a page that shows it, and needs nothing else. Everything that came from outside stands in it as JSON without
 * a less-than sign, and its script puts it on the page as text: nothing of it can become a tag. No other script may run.
 */
final class ReportPage {
    private static final String HTML = Resource.text("lib/record/report.html");
    private static final String STYLE = Resource.text("lib/record/report.css");
    private static final String SCRIPT = Resource.text("lib/record/report.js");

    private ReportPage() { }

    /** Returns the page for an archive. */
    static String of(String title, JsonNode archive) {
        String har = PlainText.json(Json.text(archive, false)).replace("<", "\\u003c");
        String shown = PlainText.line(Secrets.masked(title)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return HTML.replace("{style}", STYLE).replace("{title}", shown).replace("{hash}", hash(SCRIPT)).replace("{script}", SCRIPT).replace("{har}", har);
    }

    private static String hash(String script) {
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
