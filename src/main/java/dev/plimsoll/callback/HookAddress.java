// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.bbb.Params;

import java.net.URI;
import java.util.Optional;

/// Our own address as servers see it, known once we listen. Thread-safe.
public final class HookAddress {

    /// The path under which servers tell us of events.
    public static final String PATH = "/hooks";

    private static final String IN = PATH + "/in/";

    private final Optional<URI> configured;
    private volatile Optional<URI> base;

    /// @param publicUrl how the world reaches us, if that is known
    public HookAddress(Optional<URI> publicUrl, HookSettings settings) {
        configured = publicUrl.or(settings::callbackUrl);
        base = configured;
    }

    /// Notes the port in use.
    public void listeningOn(int port) {
        base = configured.or(() -> Optional.of(URI.create("http://127.0.0.1:" + port)));
    }

    /// Without a final slash; empty until we listen.
    Optional<String> base() {
        return base.map(URI::toString);
    }

    /// Our host, as receivers are told.
    String domain() {
        return base.map(URI::getHost).orElse("");
    }

    /// The address of one registration on one server. Different for each: some bbb-webhooks take one hook per
    /// address.
    static String path(String token, Registration registration) {
        String path = IN + token + "/" + registration.kind().word();
        return registration.meetingId().isEmpty()
                ? path
                : path + "/" + Integer.toHexString(registration.meetingId().hashCode());
    }

    /// What is common to all addresses that we gave to one server, whatever our host was then.
    static String mark(String token) {
        return IN + token + "/";
    }

    /// What stands in a path of ours.
    record Parts(String token, EventKind kind) {

        static Optional<Parts> of(String path) {
            if (!path.startsWith(IN)) {
                return Optional.empty();
            }
            var parts = path.substring(IN.length()).split("/", 4);
            return parts.length == 2 || parts.length == 3
                    ? EventKind.ofWord(parts[1]).map(kind -> new Parts(parts[0], kind))
                    : Optional.empty();
        }
    }

    /// An address for HTTP, if the text is one.
    static Optional<URI> http(String text) {
        try {
            var uri = URI.create(Params.uriSafe(text));
            boolean http =
                    "http".equalsIgnoreCase(uri.getScheme())
                            || "https".equalsIgnoreCase(uri.getScheme());
            return http && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
