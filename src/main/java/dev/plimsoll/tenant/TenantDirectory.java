// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.tenant;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the tenant of a request, and tenants by their names. Today there is one, from the settings. Immutable.
public final class TenantDirectory {

    private final Tenant standard;
    private final Map<TenantId, Tenant> all;

    public TenantDirectory(Tenant standard) {
        this(standard, List.of());
    }

    /// @param others who are told apart from the standard one
    public TenantDirectory(Tenant standard, List<Tenant> others) {
        this.standard = standard;
        var byId = new LinkedHashMap<TenantId, Tenant>();
        byId.put(standard.id(), standard);
        others.forEach(tenant -> byId.put(tenant.id(), tenant));
        this.all = Map.copyOf(byId);
    }

    /// The tenant that everybody is who is not told apart.
    public Tenant standard() {
        return standard;
    }

    /// The tenant of that name, if there is one.
    public Optional<Tenant> find(TenantId id) {
        return Optional.ofNullable(all.get(id));
    }

    /// Whether there is none but the standard tenant, so that everything is its own.
    public boolean hasOneTenant() {
        return all.size() == 1;
    }
}
