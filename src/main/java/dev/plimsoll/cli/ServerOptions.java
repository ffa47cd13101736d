// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.ServerWish;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;

/// What can be said of a server both when it is added and later.
final class ServerOptions {

    @Mixin private final SecretSource secret = new SecretSource();

    @Option(
            names = "--weight",
            paramLabel = "N",
            description = "How much it can carry; 1 is usual.")
    private @Nullable Double weight;

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            description = "A tag; may be given several times, and replaces those it had.")
    private @Nullable List<String> tags;

    @Option(
            names = "--checksum",
            paramLabel = "DIGEST",
            description = "What its calls are signed with: sha1, sha256, sha384 or sha512.")
    private @Nullable String checksum;

    @Option(
            names = "--max-users",
            paramLabel = "N",
            description = "No new meetings beyond so many people; 0: as the settings say.")
    private @Nullable Integer maxUsers;

    @Option(
            names = "--max-meetings",
            paramLabel = "N",
            description = "No new meetings beyond so many; 0: as the settings say.")
    private @Nullable Integer maxMeetings;

    @Option(
            names = "--max-per-minute",
            paramLabel = "N",
            description = "So many new meetings within a minute; 0: as the settings say.")
    private @Nullable Integer maxPerMinute;

    SecretSource secret() {
        return secret;
    }

    /// All this as a wish, with what only one of the commands knows.
    ServerWish wish(
            @Nullable String id,
            @Nullable String url,
            @Nullable String secretRead,
            @Nullable Boolean enable) {
        return new ServerWish(
                id,
                url,
                secretRead,
                weight,
                tags,
                checksum,
                maxUsers,
                maxMeetings,
                maxPerMinute,
                enable);
    }
}
