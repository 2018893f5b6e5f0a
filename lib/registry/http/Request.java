package lib.registry.http;

import java.net.URI;
import java.util.Map;
import lib.registry.upload.Upload;

//SOURCES Form.java
//SOURCES ../upload/Upload.java

/**
 * What is to be sent.
 *
 * @param form     what a POST to a token server sends, or null
 * @param upload   the bytes that are sent, or null
 * @param insecure whether this host's certificate may be signed by anybody
 */
record Request(String method, URI uri, Map<String, String> headers, Form form, Upload upload, boolean insecure) {
    boolean hasBody() {
        return form != null || upload != null;
    }
}
