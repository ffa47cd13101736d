// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Params;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The guest matrix in §2.3 of the reference.
class SimulatorGuestPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "MODERATOR, guest=true, ALLOW ALLOW ALLOW ALLOW",
        "VIEWER, guest=true, ALLOW WAIT DENY WAIT",
        "VIEWER, x=y, ALLOW WAIT DENY ALLOW",
        "VIEWER, guest=false&auth=true, ALLOW WAIT DENY ALLOW",
        "VIEWER, auth=false, ALLOW ALLOW DENY ALLOW",
        "VIEWER, guest=false, ALLOW ALLOW DENY ALLOW",
    })
    void guests_wait_and_are_denied_as_on_a_server(Role role, String join, String expected) {
        var params = Params.parse(join);
        var decisions =
                String.join(
                        " ",
                        GuestPolicy.decide("ALWAYS_ACCEPT", role, params),
                        GuestPolicy.decide("ASK_MODERATOR", role, params),
                        GuestPolicy.decide("ALWAYS_DENY", role, params),
                        GuestPolicy.decide("ALWAYS_ACCEPT_AUTH", role, params));

        assertThat(decisions).isEqualTo(expected);
    }
}
