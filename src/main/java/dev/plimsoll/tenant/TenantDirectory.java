// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.tenant;

import java.util.Optional;

/// Finds the tenant of a request. Today there is one, from the settings. Immutable.
public final class TenantDirectory {

    private final Tenant standard;

    public TenantDirectory(Tenant standard) {
        this.standard = standard;
    }

    /// One tenant.
    public Optional<Tenant> find(TenantId id) {
        return Optional.of(standard).filter(tenant -> tenant.id().equals(id));
    }

    /// The tenant that everybody is who is not told apart.
    public Tenant standard() {
        return standard;
    }
}
