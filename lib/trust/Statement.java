package lib.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.failure.WrongSignatureException;

/**
 * What somebody states of images: in-toto's statement. Whether it is true is for its readers; who made it, the envelope around it tells.
 *
 * @param subjects      the digests of what it is about, each as {@code sha256:HEX}
 * @param predicateType what kind of thing it states, such as {@code https://spdx.dev/Document}
 * @param annotations   of its one subject, where it has one
 * @param predicate     what it states
 * @see <a href="https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md">in-toto, Statement</a>
 */
public record Statement(List<String> subjects, String predicateType, Map<String, String> annotations, JsonNode predicate) {
    /** The predicate type of a statement that an image is signed, and nothing else. */
    public static final String SIGNED = "https://sigstore.dev/cosign/sign/v1";
    /** The type of an envelope's payload that is a statement. */
    public static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
    private static final int MOST_SUBJECTS = 1000;

    /** Reads a statement; throws WrongSignatureException if the bytes are none. */
    public static Statement of(byte[] bytes) throws WrongSignatureException {
        ObjectNode json = SimpleSigning.json(bytes, "the statement");
        if (!json.path("_type").asText().matches("https://in-toto[.]io/Statement/v(0[.]1|1)")) {
            throw new WrongSignatureException("the statement is of the type '" + json.path("_type").asText() + "', which is not one of in-toto's");
        }
        JsonNode subject = json.path("subject");
        if (!subject.isArray() || subject.isEmpty() || subject.size() > MOST_SUBJECTS) {
            throw new WrongSignatureException("the statement is about " + subject.size() + " things: it has to be about one, and at most " + MOST_SUBJECTS);
        }
        List<String> subjects = new ArrayList<>();
        for (JsonNode one : subject) {
            one.path("digest").properties().forEach(digest -> subjects.add(digest.getKey() + ":" + digest.getValue().asText()));
        }
        Map<String, String> annotations = new LinkedHashMap<>();
        if (subject.size() == 1) {
            subject.get(0).path("annotations").properties().forEach(one -> annotations.put(one.getKey(), one.getValue().asText()));
        }
        return new Statement(List.copyOf(subjects), json.path("predicateType").asText(), annotations, json.path("predicate"));
    }
}
