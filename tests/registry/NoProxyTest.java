package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import lib.registry.proxy.Proxies;
import lib.registry.proxy.ProxyAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which proxy the variables and the option choose for an address. */
class NoProxyTest {
    private final Map<String, String> variables = new HashMap<>();

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "*                        | https://registry.example.com/v2/",
        "localhost, *             | https://registry.example.com/v2/",
        "example.com              | https://example.com/",
        "example.com              | https://registry.example.com/",
        "EXAMPLE.com              | https://registry.Example.COM/",
        ".example.com             | https://registry.example.com/",
        ".example.com             | https://example.com/",
        "*.example.com            | https://registry.example.com/",
        "example.com.             | https://registry.example.com./",
        "other.org example.com    | https://example.com/",
        "other.org,,example.com,  | https://example.com/",
        "example.com:443          | https://registry.example.com/",
        "example.com:80           | http://registry.example.com/",
        "example.com:5000         | https://registry.example.com:5000/",
        "127.0.0.1                | http://127.0.0.1:5000/",
        "127.0.0.1:5000           | http://127.0.0.1:5000/",
        "127.0.0.0/8              | http://127.3.2.1:5000/",
        "10.0.0.0/9               | http://10.127.0.1/",
        "0.0.0.0/0                | http://10.127.0.1/",
        "192.168.1.7/32           | http://192.168.1.7/",
        "::1                      | http://[::1]:5000/",
        "[::1]                    | http://[::1]:5000/",
        "[::1]:5000               | http://[::1]:5000/",
        "[0:0:0:0:0:0:0:1]        | http://[::1]/",
        "fd00::/8                 | http://[fd12:3456::1]/"})
    void should_go_straight_to_what_no_proxy_lists(String list, URI uri) {
        assertEquals(null, choose(list, uri).proxy());
        assertTrue(choose(list, uri).why().startsWith("no_proxy lists "), choose(list, uri).why());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "' '                      | https://example.com/",
        "example.com              | https://notexample.com/",
        "example.com              | https://example.com.evil.org/",
        "registry.example.com     | https://example.com/",
        "example.com:5000         | https://example.com/",
        "example.com:443          | http://example.com/",
        "127.0.0.1                | http://127.0.0.10/",
        "127.0.0.1                | http://localhost/",
        "127.0.0.1:80             | http://127.0.0.1:5000/",
        "10.0.0.0/9               | http://10.128.0.1/",
        "10.0.0.0/99              | http://10.0.0.0/",
        "10.0.0.0/x               | http://10.0.0.1/",
        "0.0.1                    | http://127.0.0.1/",
        "fd00::/8                 | http://[fe00::1]/",
        "::1                      | http://127.0.0.1/"})
    void should_go_through_the_proxy_to_what_no_proxy_does_not_list(String list, URI uri) {
        assertEquals("all.example", choose(list, uri).proxy().host());
    }

    private Proxies.Choice choose(String list, URI uri) {
        return Proxies.ofVariables(Map.of("all_proxy", "http://all.example:1", "no_proxy", list)).of(uri);
    }

    @Test
    void should_take_the_proxy_of_the_scheme_before_the_one_for_all() {
        assertEquals("no proxy: none is named by an option, https_proxy or all_proxy", chosen("https://a.example"));
        variables.put("ALL_PROXY", "socks5h://all.example");
        assertEquals("the proxy socks5h://all.example:1080, which ALL_PROXY names", chosen("https://a.example"));
        variables.put("HTTPS_PROXY", "https.example:8080");
        variables.put("HTTP_PROXY", "http.example:8080");
        assertEquals("the proxy http://https.example:8080, which HTTPS_PROXY names", chosen("https://a.example"));
        assertEquals("the proxy http://http.example:8080, which HTTP_PROXY names", chosen("http://a.example"));
    }

    @Test
    void should_take_lower_case_before_upper_case_and_pass_over_what_is_empty() {
        variables.putAll(Map.of("HTTPS_PROXY", "http://upper.example", "https_proxy", "http://lower.example", "http_proxy", "", "HTTP_PROXY", "http://upper.example"));
        assertEquals("the proxy http://lower.example:1080, which https_proxy names", chosen("https://a.example"));
        assertEquals("the proxy http://upper.example:1080, which HTTP_PROXY names", chosen("http://a.example"));
        variables.putAll(Map.of("NO_PROXY", "a.example", "no_proxy", "b.example"));
        assertEquals("no proxy: no_proxy lists b.example", chosen("http://b.example"));
        assertEquals("the proxy http://upper.example:1080, which HTTP_PROXY names", chosen("http://a.example"));
    }

    @Test
    void should_not_take_a_visitors_header_for_a_proxy() {
        variables.putAll(Map.of("HTTP_PROXY", "http://evil.example", "REQUEST_METHOD", "GET"));
        assertEquals("no proxy: none is named by an option, http_proxy or all_proxy", chosen("http://a.example"));
    }

    @Test
    void should_take_the_option_before_all_variables() {
        variables.putAll(Map.of("https_proxy", "http://env.example", "no_proxy", "*"));
        URI uri = URI.create("https://a.example");
        assertEquals("the proxy socks5://127.0.0.1:1080, which --proxy names", new Proxies("--proxy", "socks5://127.0.0.1", variables).of(uri).toString());
        assertEquals("no proxy: --proxy is empty", new Proxies("--proxy", "", variables).of(uri).toString());
    }

    @Test
    void should_decode_credentials_and_not_show_them() {
        ProxyAddress proxy = ProxyAddress.parse("http://al%40ice:p%3Aa+b%25@proxy.example:3128");
        assertEquals("al@ice", proxy.credentials().user());
        assertEquals("p:a+b%", proxy.credentials().password());
        assertEquals("http://al@ice:***@proxy.example:3128", proxy.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks4://proxy.example", "ftp://s3cret@proxy.example", "http://", "http://alice:s3 cret@proxy.example", "http://alice:s3cret^@proxy.example", "http://alice:s3cret/@proxy.example:1", "http://proxy.example:99999"})
    void should_refuse_what_is_no_proxy_and_name_the_variable(String address) {
        variables.put("HTTPS_PROXY", address);
        String message = assertThrows(IllegalArgumentException.class, () -> chosen("https://a.example")).getMessage();
        assertTrue(message.startsWith("HTTPS_PROXY: ") && !message.contains("cret"), message);
    }

    private String chosen(String uri) {
        return Proxies.ofVariables(variables).of(URI.create(uri)).toString();
    }
}
