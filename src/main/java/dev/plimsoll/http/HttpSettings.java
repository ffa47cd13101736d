// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

import dev.plimsoll.config.Config;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where we listen, and how much we let callers send.
///
/// @param maxUrl bytes of request line; BigBlueButton's own nginx stops at 32 kB
/// @param headerTime how long a caller may take to send the request line and the headers, from their first byte on
/// @param bodyTime how long a caller may take to send a body
/// @param answerTime how long a caller may take to read an answer
/// @param grace how long running requests may go on after a stop was asked for
public record HttpSettings(
        String host,
        int port,
        Optional<URI> publicUrl,
        List<AddressRange> trustedProxies,
        int maxUrl,
        int maxHeaders,
        int maxConnections,
        Duration idle,
        Duration headerTime,
        Duration bodyTime,
        Duration answerTime,
        Duration grace) {

    private static final String PUBLIC_URL_FORM =
            "public-url is not a plain address; write https://bbb.example.org";

    /// Its last part is no number: then it would be an address.
    private static final Pattern HOST_NAME =
            Pattern.compile("([A-Za-z0-9_-]{1,63}\\.)*(?!\\d+\\.?$)[A-Za-z0-9_-]{1,63}\\.?");

    public static HttpSettings read(Config config) {
        return new HttpSettings(
                host(config),
                config.number(
                        "http.port",
                        8090,
                        0,
                        65_535,
                        "The port to listen on; 0 takes any free one."),
                publicUrl(config),
                trustedProxies(config),
                config.number(
                        "http.max-url",
                        65_536,
                        1024,
                        1_000_000,
                        "Longest request line taken, in bytes."),
                config.number(
                        "http.max-headers",
                        65_536,
                        1024,
                        1_000_000,
                        "Most bytes of headers taken."),
                config.number(
                        "http.max-connections",
                        20_000,
                        10,
                        1_000_000,
                        "Most connections open at one time."),
                config.duration(
                        "http.idle",
                        Duration.ofMinutes(2),
                        "After how long without a byte a connection is closed."),
                config.duration(
                        "http.header-timeout",
                        Duration.ofSeconds(30),
                        "How long a caller may take to send the request line and the headers."),
                config.duration(
                        "http.body-timeout",
                        Duration.ofSeconds(60),
                        "How long a caller may take to send the body of a request."),
                config.duration(
                        "http.answer-timeout",
                        Duration.ofSeconds(60),
                        "How long a caller may take to read an answer."),
                config.duration(
                        "http.grace",
                        Duration.ofSeconds(20),
                        "How long running requests may finish after a stop was asked for."));
    }

    private static String host(Config config) {
        String host =
                config.text("http.host", "127.0.0.1", "The address to listen on; 0.0.0.0 for all.");
        if (AddressRange.address(host).isEmpty() && !HOST_NAME.matcher(host).matches()) {
            config.problem(
                    "http.host = %s is neither an address nor a host name; write 127.0.0.1, or 0.0.0.0 for all"
                            .formatted(host));
        }
        return host;
    }

    private static List<AddressRange> trustedProxies(Config config) {
        var ranges = new ArrayList<AddressRange>();
        for (String text :
                config.list(
                        "http.trusted-proxies",
                        List.of("127.0.0.1"),
                        "Addresses of proxies whose X-Forwarded-For, -Host and -Proto are believed, or ranges"
                                + " such as 10.0.0.0/8; IPv6 only as a YAML list.")) {
            var range = AddressRange.of(text);
            range.ifPresent(ranges::add);
            if (range.isEmpty()) {
                config.problem(
                        ("http.trusted-proxies: %s is neither an address nor a range; write 10.0.0.5 or"
                                        + " 10.0.0.0/8, and IPv6 as an item of a YAML list")
                                .formatted(text));
            }
        }
        return List.copyOf(ranges);
    }

    /// Whether what this address forwards is believed.
    boolean trusts(String proxy) {
        return AddressRange.address(proxy).filter(this::trusts).isPresent();
    }

    /// The same, asked with each request.
    boolean trusts(InetAddress proxy) {
        for (AddressRange range : trustedProxies) {
            if (range.contains(proxy)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<URI> publicUrl(Config config) {
        var text =
                config.text(
                        "public-url",
                        "How the world reaches us, such as https://bbb.example.org; else taken from each request.");
        try {
            var url = text.map(given -> URI.create(given.strip().replaceAll("/+$", "")));
            if (url.isPresent() && !isHttp(url.get())) {
                config.problem(PUBLIC_URL_FORM);
            }
            return url;
        } catch (IllegalArgumentException e) {
            config.problem(PUBLIC_URL_FORM);
            return Optional.empty();
        }
    }

    /// Paths are added to it, and browsers see it: no place for a query or a password.
    private static boolean isHttp(URI url) {
        return url.getHost() != null
                && url.getUserInfo() == null
                && url.getQuery() == null
                && url.getFragment() == null
                && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()));
    }

    /// The same on another address; for tests and the simulator.
    public static HttpSettings local(int port) {
        return new HttpSettings(
                "127.0.0.1",
                port,
                Optional.empty(),
                List.of(),
                65_536,
                65_536,
                20_000,
                Duration.ofMinutes(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5));
    }
}
