// SPDX-License-Identifier: Apache-2.0
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/// The limit that a join is measured against: a bare handler of the same HTTP server that does the same two digests
/// and answers with a redirect, and nothing else.
public class BareHandler {

    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);

    public static void main(String[] args) throws Exception {
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[0]))
                .addProtocol(
                        Http1Config.builder()
                                .validatePrologue(false)
                                .validatePath(false)
                                .maxPrologueLength(65_536)
                                .maxHeadersSize(65_536)
                                .build())
                .routing(
                        routing ->
                                routing.any(
                                        (request, response) -> {
                                            String query = request.prologue().query().rawValue();
                                            String plain = query.substring(0, query.indexOf("&checksum="));
                                            String given = query.substring(plain.length() + 10);
                                            boolean fits = MessageDigest.isEqual(HexFormat.of().parseHex(given), digest(plain));
                                            String signed = plain + "&checksum=" + HexFormat.of().formatHex(digest(plain));
                                            response.status(fits ? Status.FOUND_302 : Status.FORBIDDEN_403);
                                            response.header(
                                                    HeaderNames.LOCATION,
                                                    "http://127.0.0.1/bigbluebutton/api/join?" + signed);
                                            response.send(new byte[0]);
                                        }))
                .build()
                .start();
    }

    private static byte[] digest(String query) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            sha.update("join".getBytes(StandardCharsets.UTF_8));
            sha.update(query.getBytes(StandardCharsets.UTF_8));
            return sha.digest(SECRET);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
