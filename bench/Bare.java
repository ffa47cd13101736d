// SPDX-License-Identifier: Apache-2.0
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.HexFormat;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/// The limits that the balancer is measured against: the same HTTP server, the same digests, the same client and the
/// same database, and nothing else.
///
/// | Path | Does |
/// |---|---|
/// | `/bigbluebutton/api/join?…` | verifies, signs anew, redirects |
/// | `/proxy/PORT/CALL?…` | verifies, signs anew, asks the server there, passes its answer on |
/// | `/commit/PORT/CALL?…` | the same, with one durable commit before |
///
/// Arguments: its port, and the JDBC address of a database.
public class Bare {

    private static final byte[] SECRET = Site.SECRET.getBytes(StandardCharsets.UTF_8);

    private static final CloseableHttpClient CLIENT =
            HttpClients.custom()
                    .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create().setMaxConnPerRoute(64).setMaxConnTotal(10_000).build())
                    .disableAutomaticRetries()
                    .disableRedirectHandling()
                    .disableCookieManagement()
                    .disableAuthCaching()
                    .disableContentCompression()
                    .build();

    public static void main(String[] args) throws Exception {
        var commits = new Commits(args[1]);
        System.setProperty("java.util.logging.config.file", "/dev/null");
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[0]))
                .addProtocol(Http1Config.builder().validatePrologue(false).validatePath(false).maxPrologueLength(65_536).maxHeadersSize(65_536).build())
                .routing(routing -> route(routing, commits))
                .build()
                .start();
    }

    private static void route(HttpRules routing, Commits commits) {
        routing.any(
                (request, response) -> {
                    String path = request.path().rawPath();
                    if (path.startsWith("/commit/")) {
                        commits.commit(path);
                    }
                    if (path.startsWith("/bigbluebutton/")) {
                        join(request, response);
                    } else {
                        proxy(path.split("/"), request, response);
                    }
                });
    }

    private static void join(ServerRequest request, ServerResponse response) {
        String signed = signedAnew("join", request);
        response.status(Status.FOUND_302);
        response.header(HeaderNames.LOCATION, "http://127.0.0.1/bigbluebutton/api/join?" + signed);
        response.send(new byte[0]);
    }

    private static void proxy(String[] parts, ServerRequest request, ServerResponse response) throws Exception {
        var question = new HttpGet("http://127.0.0.1:" + parts[2] + "/bigbluebutton/api/" + parts[3] + "?" + signedAnew(parts[3], request));
        byte[] answer = CLIENT.execute(question, reply -> EntityUtils.toByteArray(reply.getEntity()));
        response.header(HeaderNames.CONTENT_TYPE, "text/xml;charset=utf-8");
        response.send(answer);
    }

    private static String signedAnew(String call, ServerRequest request) {
        String query = request.prologue().query().rawValue();
        String plain = query.substring(0, query.indexOf("&checksum="));
        String given = query.substring(plain.length() + 10);
        if (!MessageDigest.isEqual(HexFormat.of().parseHex(given), digest(call, plain))) {
            throw new IllegalArgumentException("checksum");
        }
        return plain + "&checksum=" + HexFormat.of().formatHex(digest(call, plain));
    }

    private static byte[] digest(String call, String query) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            sha.update(call.getBytes(StandardCharsets.UTF_8));
            sha.update(query.getBytes(StandardCharsets.UTF_8));
            return sha.digest(SECRET);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// One connection, one row per commit, each on disk before the next.
    private static final class Commits {
        private final Connection connection;
        private long number;

        Commits(String url) throws Exception {
            connection = DriverManager.getConnection(url);
            try (var statement = connection.createStatement()) {
                if (url.startsWith("jdbc:sqlite")) {
                    statement.execute("PRAGMA journal_mode = WAL");
                    statement.execute("PRAGMA synchronous = FULL");
                }
                statement.execute("DROP TABLE IF EXISTS bench_limit");
                statement.execute("CREATE TABLE bench_limit (id BIGINT PRIMARY KEY, what TEXT NOT NULL)");
            }
        }

        synchronized void commit(String what) throws Exception {
            try (var insert = connection.prepareStatement("INSERT INTO bench_limit VALUES (?, ?)")) {
                insert.setLong(1, number++);
                insert.setString(2, what);
                insert.executeUpdate();
            }
        }
    }
}
