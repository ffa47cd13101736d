// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.tenant;

import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Secret;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The default tenant's secrets and the digests it may use.
///
/// @param secrets empty when none is set: then one is generated into the data directory
/// @param failsOver whether meetings are opened elsewhere when their server is gone
/// @param maxAge after which meetings are ended; zero for never
public record TenantSettings(
        List<Secret> secrets, Set<Algorithm> algorithms, boolean failsOver, Duration maxAge) {

    public static TenantSettings read(Config config) {
        var secrets = new ArrayList<Secret>();
        secrets.addAll(
                config.secrets(
                        "secret",
                        "The shared secret of the default tenant; else one is generated. Needed with PostgreSQL."));
        secrets.addAll(
                config.secrets(
                        "secrets", "More secrets of the default tenant, during a roll-over."));
        return new TenantSettings(
                List.copyOf(secrets),
                algorithms(config),
                config.flag(
                        "meeting.failover",
                        true,
                        "Whether meetings whose server is gone are opened elsewhere when somebody wants them."),
                config.durationOrNone(
                        "meeting.max-age",
                        "The age at which a meeting ends: told to its server as its duration, and ended by us five"
                                + " minutes past that; 0: never."));
    }

    private static Set<Algorithm> algorithms(Config config) {
        var all = List.of("sha1", "sha256", "sha384", "sha512");
        var allowed = EnumSet.noneOf(Algorithm.class);
        for (String name :
                config.list(
                        "checksum.algorithms", all, "The digests that callers may sign with.")) {
            Algorithm.named(name)
                    .ifPresentOrElse(
                            allowed::add,
                            () ->
                                    config.problem(
                                            "checksum.algorithms: %s is not one of %s"
                                                    .formatted(name, all)));
        }
        return allowed;
    }
}
