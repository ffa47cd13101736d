// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.tenant;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.config.Secret;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Who may call us.
///
/// @param secrets any of them signs a call; several during a roll-over; never none
/// @param algorithms the digests that its calls may be signed with
/// @param failsOver whether its meetings are opened elsewhere when their server is gone
/// @param maxAge after which its meetings are ended; zero for never
public record Tenant(
        TenantId id,
        List<Secret> secrets,
        Set<Checksum.Algorithm> algorithms,
        boolean failsOver,
        Duration maxAge) {

    public Tenant {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("a tenant needs a secret");
        }
        secrets = List.copyOf(secrets);
        algorithms = Set.copyOf(algorithms);
    }
}
