package lib.registry;

import java.net.URI;
import java.util.Map;

/**
 * One request and what came back, to be shown. Secrets are masked before an exchange is made.
 *
 * @param why     the reason for the request, one short sentence
 * @param method  GET, HEAD where only the headers are wanted, or POST
 * @param headers the request's headers; an Authorization header names only its scheme
 * @param form    what a POST sends, or null
 * @param status  the HTTP status, or 0 when no answer came
 * @param answer  the answer's headers that matter
 * @param millis  from the request to the answer's headers, in milliseconds
 */
public record Exchange(String why, String method, URI uri, Map<String, String> headers, String form, int status, Map<String, String> answer, long millis) { }
