// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What somebody wants a server to be. What is null stays as it is, or takes its default on adding.
///
/// @param url the server's address, as `bbb-conf --secret` prints it
/// @param checksum the digest its calls are signed with: sha1, sha256, sha384 or sha512
/// @param maxUsers people up to which it takes new meetings; 0 for what the pool's settings say
/// @param maxMeetings meetings up to which it takes new ones; 0 likewise
/// @param maxPerMinute new meetings that it takes within a minute; 0 likewise
/// @param enable on adding: whether it takes new meetings at once
public record ServerWish(
        @Nullable String id,
        @Nullable String url,
        @Nullable String secret,
        @Nullable Double weight,
        @Nullable List<String> tags,
        @Nullable String checksum,
        @Nullable Integer maxUsers,
        @Nullable Integer maxMeetings,
        @Nullable Integer maxPerMinute,
        @Nullable Boolean enable) {

    /// That everything stays as it is.
    public static final ServerWish NONE = new ServerWish(null, null, null, null, null, null);

    /// With the usual digest and caps.
    public ServerWish(
            @Nullable String id,
            @Nullable String url,
            @Nullable String secret,
            @Nullable Double weight,
            @Nullable List<String> tags,
            @Nullable Boolean enable) {
        this(id, url, secret, weight, tags, null, null, null, null, enable);
    }

    /// A server that takes new meetings as soon as it is found well, with all else as usual.
    ///
    /// @param id null to have it named after its address
    public static ServerWish enabled(@Nullable String id, String url, String secret) {
        return new ServerWish(id, url, secret, null, null, true);
    }

    /// Never the secret.
    @Override
    public String toString() {
        return "ServerWish[" + id + ", " + url + "]";
    }
}
