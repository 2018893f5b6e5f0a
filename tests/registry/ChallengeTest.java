package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lib.registry.auth.Challenge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of header values, good and bad, against the grammar of RFC 9110, section 11.3. */
class ChallengeTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # header                                                              | what is read of it
            Bearer realm="https://a.example/token",service="a.example",scope="s"  | bearer{realm=https://a.example/token, scope=s, service=a.example}
            bearer realm="https://a.example/token"                                | bearer{realm=https://a.example/token}
            BEARER REALM="https://a.example/token", SERVICE="x"                   | bearer{realm=https://a.example/token, service=x}
            Bearer scope="repository:a/b:pull,push",realm="r"                     | bearer{realm=r, scope=repository:a/b:pull,push}
            Bearer   realm = "r" ,\tservice\t=\t"s"                               | bearer{realm=r, service=s}
            Bearer realm=r,service=s                                              | bearer{realm=r, service=s}
            Bearer realm=https://a.example:5000/token,service=s                   | bearer{realm=https://a.example:5000/token, service=s}
            Bearer realm="a\\"b\\\\c"                                             | bearer{realm=a"b\\c}
            Bearer realm=""                                                       | bearer{realm=}
            Bearer realm="first",realm="second"                                   | bearer{realm=first}
            Bearer realm="r",error="invalid_token"                                | bearer{error=invalid_token, realm=r}
            ,, Bearer ,, realm="r" ,,                                             | bearer{realm=r}
            Basic realm="a, b = c"                                                | basic{realm=a, b = c}
            Basic                                                                 | basic{}
            Basic realm="b", Bearer realm="r", service="s"                        | basic{realm=b} bearer{realm=r, service=s}
            Bearer realm="r",Basic realm="b"                                      | bearer{realm=r} basic{realm=b}
            Bearer realm="r" Basic realm="b"                                      | bearer{realm=r} basic{realm=b}
            Basic, Bearer realm="r"                                               | basic{} bearer{realm=r}
            Negotiate, Basic realm="b"                                            | negotiate{} basic{realm=b}
            Negotiate YIIJvwYGKwYBBQUCoIIJszCC, Basic realm="b"                   | negotiate{} basic{realm=b}
            Negotiate oYG2MIGzoAMKAQ==, Basic realm="b"                           | negotiate{} basic{realm=b}
            Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple" | newauth{realm=apps, title=Login to "apps", type=1} basic{realm=simple}
            """)
    void should_read_each_challenge_with_its_parameters(String header, String expected) {
        assertEquals(expected, shown(Challenge.parse(List.of(header.replace("\\t", "\t")))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Bearer realm="https://a.example/tok                   | bearer{}
            Bearer service="s",realm="https://a.example/tok       | bearer{service=s}
            Bearer realm="r\\                                     | bearer{}
            realm="r",service="s"                                 | ''
            realm="r",Bearer realm="s"                            | bearer{realm=s}
            "quoted, first", Bearer realm="r"                     | bearer{realm=r}
            = , Bearer realm="r"                                  | bearer{realm=r}
            Bearer ="x", realm="r"                                | ''
            Bearer realm=, service="s"                            | bearer{service=s}
            Bearer service="s", realm=                            | bearer{realm=, service=s}
            Bearer re/alm="x", service="s"                        | bearer{service=s}
            Be@rer realm="x", Basic realm="b"                     | basic{realm=b}
            Negotiate oYG2/+==, Basic realm="b"                   | negotiate{} basic{realm=b}
            Bearer realm                                          | bearer{}
            """)
    void should_leave_out_what_is_malformed(String header, String expected) {
        assertEquals(expected.equals("''") ? "" : expected, shown(Challenge.parse(List.of(header))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", "\"", "\"\"", "=", "\\", ",=,\"", "====", "\"a\"=\"b\""})
    void should_find_no_challenge_where_there_is_none(String header) {
        assertEquals(List.of(), Challenge.parse(List.of(header)));
    }

    @Test
    void should_read_the_challenges_of_several_lines_in_order() {
        List<Challenge> challenges = Challenge.parse(List.of("Basic realm=\"b\"", "Bearer realm=\"r\""));
        assertEquals("basic{realm=b} bearer{realm=r}", shown(challenges));
        assertEquals("r", challenges.get(1).parameter("REALM"));
    }

    private static String shown(List<Challenge> challenges) {
        return String.join(" ", challenges.stream().map(challenge -> challenge.scheme() + sorted(challenge.parameters())).toList());
    }

    private static Map<String, String> sorted(Map<String, String> parameters) {
        Map<String, String> lowerCase = new TreeMap<>();
        parameters.forEach((name, value) -> lowerCase.put(name.toLowerCase(), value));
        return lowerCase;
    }
}
