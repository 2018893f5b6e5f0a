package lib.registry.api;

import java.net.URI;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import lib.image.Digest;
import org.jspecify.annotations.Nullable;

/** A request as a value: what is sent, and which statuses answer it. It never changes: each method that adds something returns a copy. */
public final class Request implements Cloneable {
    private final Purpose purpose;
    private final String method;
    private URI uri;
    private String why = "";
    private @Nullable Digest digest;
    private Map<String, String> headers = Map.of();
    private @Nullable Body body;
    private Body.@Nullable Form form;
    private Set<Integer> answers = Set.of(200);
    private int answersBelow;
    private String failure = "";
    private String missing = "";
    private int longest;
    private String content = "";
    private boolean once;
    private boolean anonymous;
    private boolean insecure;
    private String otherRepository = "";

    private Request(Purpose purpose, String method, URI uri) {
        this.purpose = purpose;
        this.method = method;
        this.uri = uri;
    }

    /** Returns a request with no headers and no body, which 200 answers; {@code uri} is an address, or what follows the repository's, such as {@code /tags/list}. */
    static Request of(Purpose purpose, String method, String uri) {
        return new Request(purpose, method, URI.create(uri));
    }

    private Request copy() {
        try {
            return (Request) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** Has it sent to this address, with these headers before its own; {@code mayBeInsecure} means that the host's certificate is not checked. */
    public Request to(URI address, Map<String, String> more, boolean mayBeInsecure) {
        Request to = copy();
        to.uri = address;
        to.headers = new LinkedHashMap<>(more);
        to.headers.putAll(headers);
        to.insecure = mayBeInsecure;
        return to;
    }

    /** Gives the reason for it, one short sentence. */
    public Request because(String reason) {
        Request because = copy();
        because.why = reason;
        return because;
    }

    /** Names the digest of the manifest or the blob that it is about. */
    Request about(@Nullable Digest its) {
        Request about = copy();
        about.digest = its;
        return about;
    }

    /** Adds a header, or sets it anew. */
    public Request header(String name, String value) {
        Request with = copy();
        with.headers = new LinkedHashMap<>(headers);
        with.headers.put(name, value);
        return with;
    }

    Request sends(Body bytes) {
        Request sends = copy();
        sends.body = bytes;
        return sends;
    }

    Request sends(Body.Form fields) {
        Request sends = header("Content-Type", "application/x-www-form-urlencoded");
        sends.form = fields;
        return sends;
    }

    /** Says which statuses answer it. */
    Request answeredBy(Integer... statuses) {
        Request answered = copy();
        answered.answers = Set.of(statuses);
        return answered;
    }

    /** Says that these statuses answer it, too. */
    Request answeredAlsoBy(Integer... statuses) {
        Request answered = copy();
        answered.answers = new HashSet<>(answers);
        answered.answers.addAll(Set.of(statuses));
        return answered;
    }

    /** Says that every status below this one answers it. */
    Request answeredBelow(int status) {
        Request answered = answeredBy();
        answered.answersBelow = status;
        return answered;
    }

    /** Says what another status means. */
    public Request orElse(String meaning) {
        return orElse(meaning, meaning);
    }

    /** Says what 404 means, and what any other status. */
    Request orElse(String ifMissing, String meaning) {
        Request or = copy();
        or.missing = ifMissing;
        or.failure = meaning;
        return or;
    }

    /** Says that at most so many bytes of the answer's body are wanted; {@code name} names it in messages. */
    Request wants(int most, String name) {
        Request wants = copy();
        wants.longest = most;
        wants.content = name;
        return wants;
    }

    /** Says that it is not sent again when it fails: that is up to the caller, who knows what has arrived. */
    public Request once() {
        Request once = copy();
        once.once = true;
        return once;
    }

    /** Says that it goes without credentials. */
    Request anonymous() {
        Request request = copy();
        request.anonymous = true;
        return request;
    }

    /** Says that another repository is read, too, for which another token may be needed. */
    Request reads(String repository) {
        Request reads = copy();
        reads.otherRepository = repository;
        return reads;
    }

    /** Returns what it is for. */
    public Purpose purpose() {
        return purpose;
    }

    /** Returns the digest of the manifest or blob that it is about, or null if none is known. */
    public @Nullable Digest digest() {
        return digest;
    }

    /** Returns the reason for it, one short sentence. */
    public String why() {
        return why;
    }

    /** Returns the HTTP method, such as {@code GET}. */
    public String method() {
        return method;
    }

    /** Returns the address; one without a host follows the repository's address, and {@code /v2/} is the front door's. */
    public URI uri() {
        return uri;
    }

    /** Returns the values of its headers by their names. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Returns what it sends, or null for nothing. */
    public @Nullable Body body() {
        return body;
    }

    /** Returns the form that it sends to a token server, or null for none. */
    public Body.@Nullable Form form() {
        return form;
    }

    /** Returns whether a status answers it; any other is a failure. */
    public boolean isAnsweredBy(int status) {
        return answers.contains(status) || status < answersBelow;
    }

    /** Returns what it means if it is answered by a status that does not answer it: {@code could not list the tags of …}. */
    public String failure(int status) {
        return status == 404 ? missing : failure;
    }

    /** Returns how many bytes the answer's body may have, 0 if it is not wanted: a blob is read while it arrives. */
    public int longest() {
        return longest;
    }

    /** Returns what the answer's body is, for messages: {@code a manifest}. */
    public String content() {
        return content;
    }

    /** Returns whether it asks what a tag points to: not every mirror may be asked that. */
    public boolean isOfTag() {
        return digest == null && (purpose == Purpose.MANIFEST || purpose == Purpose.REFERRERS);
    }

    /** Returns whether it is the caller's to send it again after a failure. */
    public boolean isSentOnce() {
        return once;
    }

    /** Returns whether it goes without credentials. */
    public boolean isAnonymous() {
        return anonymous;
    }

    /** Returns whether it changes nothing on the other side. */
    public boolean isRead() {
        return method.equals("GET") || method.equals("HEAD");
    }

    /** Returns whether the host's certificate is not checked. */
    public boolean insecure() {
        return insecure;
    }

    /** Returns another repository of the registry that is read, too, or "". */
    public String otherRepository() {
        return otherRepository;
    }
}
