package tests.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import lib.text.Secrets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is masked of a text, and what is left as it is. */
class SecretsTest {
    private static final String PASSWORD = "Pä55 w\"rd/+%41";

    @BeforeAll
    static void know() {
        Secrets.know("alice", PASSWORD);
        Secrets.know("bob", "zq7x");
        Secrets.knowHeader("Basic " + base64("carol:c4rol-s3cret"));
        Secrets.knowHeader("Token h0sts-t0ml");
    }

    @Test
    void should_mask_a_secret_wherever_it_stands() {
        assertEquals("***", Secrets.masked(PASSWORD));
        assertEquals("bad login: ***, ***!", Secrets.masked("bad login: alice:" + PASSWORD + ", " + PASSWORD + "!"));
        assertEquals("a ***, a ***", Secrets.masked("a h0sts-t0ml, a c4rol-s3cret"));
    }

    @Test
    void should_mask_what_percent_signs_make_of_a_secret() {
        String form = URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8);
        assertEquals("?p=***&q=1", Secrets.masked("?p=" + form + "&q=1"));
        assertEquals("?p=***&q=1", Secrets.masked("?p=" + form.replace("+", "%20").replace("%C3%A4", "%c3%a4") + "&q=1"));
        assertEquals("***%2", Secrets.masked("%680sts-t0m%6C%2"));
    }

    @Test
    void should_mask_base64_that_a_secret_is_in_whatever_stands_before_it_and_in_both_alphabets() {
        for (String before : new String[] {"", "alice:", "ali:", "al:", "Authorization: Bearer "}) {
            assertEquals("got: ***.", Secrets.masked("got: " + base64(before + PASSWORD + " and more") + "."));
        }
        Secrets.know("\u00ff\u00ffÿ>>>???");
        assertEquals("***", Secrets.masked(Base64.getUrlEncoder().encodeToString("\u00ff\u00ffÿ>>>???".getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void should_mask_what_a_header_holds_as_it_is_read_a_byte_a_character() {
        assertEquals("x ***", Secrets.masked("x " + new String(PASSWORD.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
    }

    @Test
    void should_mask_a_short_one_only_where_it_stands_by_itself() {
        assertEquals("not *** but zq7xy", Secrets.masked("not zq7x but zq7xy"));
    }

    @Test
    void should_leave_what_is_no_secret() {
        Secrets.know("a", "b");
        Secrets.know("");
        Secrets.know(null);
        String text = "a b of alice, 100% c4rol %zz %";
        assertEquals(text, Secrets.masked(text));
        assertEquals(null, Secrets.masked(null));
    }

    @Test
    void should_look_at_each_character_once_though_a_token_is_made_to_hinder_that() {
        Secrets.know("z".repeat(50_000) + "!");
        Secrets.know("y".repeat(50_000));
        String text = "z".repeat(500_000) + "y".repeat(500_000);
        assertEquals("z".repeat(500_000) + "***", assertTimeoutPreemptively(Duration.ofSeconds(60), () -> Secrets.masked(text)));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
