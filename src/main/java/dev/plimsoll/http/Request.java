// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// One HTTP request as our surfaces see it. The query is raw: exactly what stood in the request line.
///
/// A body can be read once. Not thread-safe: it belongs to its request's thread.
public final class Request {

    private final ServerRequest request;
    private final HttpSettings settings;
    private final Deadlines deadlines;
    private Optional<BodyStream> stream = Optional.empty();

    Request(ServerRequest request, HttpSettings settings, Deadlines deadlines) {
        this.request = request;
        this.settings = settings;
        this.deadlines = deadlines;
    }

    /// `GET`, `POST`, …, in capitals.
    public String method() {
        return request.prologue().method().text();
    }

    /// The decoded path, without the query.
    public String path() {
        return request.prologue().uriPath().path();
    }

    /// The path as it stood in the request line, still encoded.
    public String rawPath() {
        return request.prologue().uriPath().rawPath();
    }

    /// The raw query, without `?`; empty when there is none.
    public String query() {
        return request.prologue().query().rawValue();
    }

    /// The first value of a header.
    public Optional<String> header(String name) {
        return header(HeaderNames.create(name));
    }

    private Optional<String> header(HeaderName name) {
        return request.headers().first(name);
    }

    /// The media type of the body without its parameters, in lower case.
    public Optional<String> contentType() {
        return header(HeaderNames.CONTENT_TYPE)
                .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
    }

    /// Whether the request carries a body, by its headers.
    public boolean hasBody() {
        return request.headers().contentLength().orElse(0) > 0
                || request.headers().contains(HeaderNames.TRANSFER_ENCODING);
    }

    /// How long the body says it is; empty when it does not say.
    public OptionalLong announcedLength() {
        return request.headers().contentLength();
    }

    /// Reads the body.
    ///
    /// @throws RequestBroken when it ends early, or does not come in time
    /// @throws BodyTooLarge when it is longer than the limit; the rest is read and thrown away first, since a
    ///     client that is still sending would not see an answer
    public byte[] body(int limit) {
        if (!hasBody()) {
            return new byte[0];
        }
        try (var stretch = deadlines.begin(settings.bodyTime())) {
            return body(limit, stretch);
        }
    }

    /// The body, to be read while it arrives.
    ///
    /// @throws BodyTooLarge when it announces more than the limit; nothing of it has been read then
    public BodyStream stream(int limit) {
        var length = hasBody() ? announcedLength() : OptionalLong.of(0);
        var body =
                new BodyStream(
                        () ->
                                hasBody()
                                        ? request.content().inputStream()
                                        : InputStream.nullInputStream(),
                        length,
                        limit,
                        deadlines,
                        settings.bodyTime());
        stream = Optional.of(body);
        if (length.orElse(0) > limit) {
            throw new BodyTooLarge(limit);
        }
        return body;
    }

    /// After the answer: throws away what was not read of a stream.
    ///
    /// @return whether the connection can be used again
    boolean discardRest() {
        boolean awaited =
                request.headers().contains(HeaderNames.EXPECT)
                        && !stream.map(BodyStream::isOpen).orElse(true);
        return !awaited && stream.map(BodyStream::discard).orElse(true);
    }

    private byte[] body(int limit, Deadlines.Stretch stretch) {
        try (InputStream in = request.content().inputStream()) {
            boolean announced = request.headers().contentLength().orElse(0) > limit;
            byte[] body = announced ? new byte[0] : in.readNBytes(limit + 1);
            if (announced || body.length > limit) {
                discard(in);
                throw new BodyTooLarge(limit);
            }
            return body;
        } catch (BodyTooLarge e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Helidon throws exceptions of many kinds when a body ends early or is badly chunked.
            throw new RequestBroken("the body is broken or ended early", stretch.isLate(), e);
        }
    }

    private static void discard(InputStream in) throws IOException {
        byte[] buffer = new byte[65_536];
        long left = 256L * 1024 * 1024;
        for (int n = in.read(buffer); n >= 0 && left > 0; n = in.read(buffer)) {
            left -= n;
        }
    }

    /// The address of the peer that connected to us; a proxy's, if one stands before us.
    public String peer() {
        return request.remotePeer().host();
    }

    /// Who calls: the peer, or whom a trusted proxy names in X-Forwarded-For. Of a chain of proxies, the last one that
    /// is not trusted; what stands before it in the header anybody could have written.
    public String caller() {
        String caller = peer();
        if (!isForwarded()) {
            return caller;
        }
        String chain =
                String.join(",", request.headers().all(HeaderNames.X_FORWARDED_FOR, List::of));
        for (int end = chain.length(); end > 0; ) {
            int comma = chain.lastIndexOf(',', end - 1);
            String hop = chain.substring(comma + 1, end).strip();
            if (hop.isEmpty()) {
                return caller;
            }
            caller = hop;
            if (!settings.trusts(hop)) {
                return caller;
            }
            end = comma;
        }
        return caller;
    }

    /// Whether a proxy that we believe sent it.
    private boolean isForwarded() {
        return request.remotePeer().address() instanceof InetSocketAddress peer
                && settings.trusts(peer.getAddress());
    }

    /// How the world reaches us, as `https://host[:port]` without a final slash: the setting, else what a
    /// trusted proxy forwarded, else the Host header.
    public String publicUrl() {
        return settings.publicUrl().map(URI::toString).orElseGet(this::requestedUrl);
    }

    private String requestedUrl() {
        boolean trusted = isForwarded();
        String scheme = trusted ? forwarded("X-Forwarded-Proto").orElse("http") : "http";
        String host =
                (trusted ? forwarded("X-Forwarded-Host") : Optional.<String>empty())
                        .or(() -> header(HeaderNames.HOST))
                        .filter(name -> name.matches("[A-Za-z0-9._:\\[\\]-]{1,255}"))
                        .orElse(settings.host() + ":" + settings.port());
        return (scheme.equals("https") ? "https" : "http") + "://" + host;
    }

    private Optional<String> forwarded(String name) {
        return header(name).map(value -> value.split(",", 2)[0].strip());
    }
}
