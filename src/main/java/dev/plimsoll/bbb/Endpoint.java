// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import dev.plimsoll.config.Secret;

import java.net.URI;
import java.util.Locale;

/// Where and how one server is spoken to.
///
/// @param api the address of its API with a final slash, such as `https://bbb1.example.org/bigbluebutton/api/`
/// @param secret its shared secret
/// @param algorithm the digest we sign with; every BigBlueButton since 2.4 knows SHA-256
public record Endpoint(URI api, Secret secret, Checksum.Algorithm algorithm) {

    /// Reads the address as people and `bbb-conf --secret` write it: with or without `/bigbluebutton`, `/api`
    /// and a final slash.
    ///
    /// @throws IllegalArgumentException in the operator's terms when it is no usable http address
    public static Endpoint of(String address, Secret secret) {
        return new Endpoint(apiAddress(address), secret, Checksum.Algorithm.SHA256);
    }

    /// The address of the API from what people write.
    ///
    /// @throws IllegalArgumentException in the operator's terms when it is no usable http address
    public static URI apiAddress(String address) {
        URI uri;
        try {
            uri = new URI(address.strip());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalArgumentException(
                    "'" + address + "' is not an address; write https://bbb1.example.org", e);
        }
        boolean http =
                "http".equalsIgnoreCase(uri.getScheme())
                        || "https".equalsIgnoreCase(uri.getScheme());
        boolean whole = uri.getHost() != null && uri.getPort() != 0 && uri.getPort() <= 65_535;
        boolean plain =
                uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
        if (!http || !whole || !plain) {
            throw new IllegalArgumentException(
                    "'" + address + "' is not an address; write https://bbb1.example.org");
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
        if (path.isEmpty()) {
            path = "/bigbluebutton";
        }
        if (!path.endsWith("/api")) {
            path += "/api";
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return URI.create(
                uri.getScheme().toLowerCase(Locale.ROOT)
                        + "://"
                        + uri.getHost().toLowerCase(Locale.ROOT)
                        + port
                        + path
                        + "/");
    }

    /// The signed address of a call.
    ///
    /// @param query the raw query without checksum, fit for a URI
    public String signed(String call, String query) {
        return api + call + "?" + Checksum.signed(algorithm, call, query, secret);
    }

    /// The address of a call that needs no signature.
    ///
    /// @param query the raw query, fit for a URI
    String unsigned(String call, String query) {
        return api + call + "?" + query;
    }
}
