// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.tenant.TenantId;

import org.junit.jupiter.api.Test;

import java.util.List;

final class ScopedIdTest {

    private static final TenantId SCHOOL = new TenantId("school");

    private static Meeting.Key parsed(String scopedId) {
        return Meeting.Key.ofScoped(
                scopedId, tenant -> tenant.equals(SCHOOL) || tenant.isDefault());
    }

    @Test
    void theIdOfATenantComesBack() {
        for (String id : List.of("room", "a~b", "~", "", "school~x", "Räum 🙂")) {
            var key = new Meeting.Key(SCHOOL, id);
            assertThat(parsed(key.scopedId())).isEqualTo(key);
        }
    }

    @Test
    void whatNamesNoTenantIsTheDefaultTenants() {
        for (String id : List.of("", "room", "~room", "church~room", "School~x", "default~room")) {
            assertThat(parsed(id)).isEqualTo(new Meeting.Key(TenantId.DEFAULT, id));
        }
    }
}
