// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.tenant;

import java.util.Optional;
import java.util.regex.Pattern;

/// A tenant's name: lower-case letters, digits and `-`, 1 to 63 of them, so that it fits host names and paths.
public record TenantId(String value) {

    private static final Pattern FORM = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    /// The tenant that everybody is who is not told apart by host or path.
    public static final TenantId DEFAULT = new TenantId("default");

    /// @throws IllegalArgumentException when the name does not fit
    public TenantId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a tenant's name is lower-case letters, digits and -");
        }
    }

    /// The name, if the text is one.
    public static Optional<TenantId> of(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new TenantId(text)) : Optional.empty();
    }

    public boolean isDefault() {
        return equals(DEFAULT);
    }

    @Override
    public String toString() {
        return value;
    }
}
