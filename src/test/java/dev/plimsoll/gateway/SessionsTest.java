// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.pool.ServerId;

import org.junit.jupiter.api.Test;

/// Which sessions are remembered.
final class SessionsTest {

    private final Sessions sessions = new Sessions(2);

    @Test
    void theLongestUnusedIsForgottenFirst() {
        sessions.opened("a", new ServerId("bbb1"));
        sessions.opened("b", new ServerId("bbb2"));
        assertThat(sessions.serverOf("a")).contains(new ServerId("bbb1"));
        sessions.opened("c", new ServerId("bbb3"));
        assertThat(sessions.serverOf("b")).isEmpty();
        assertThat(sessions.serverOf("a")).isPresent();
        assertThat(sessions.serverOf("c")).isPresent();
    }

    @Test
    void noTokenAndFarTooLongOnesAreNotRemembered() {
        sessions.opened("", new ServerId("bbb1"));
        sessions.opened("x".repeat(101), new ServerId("bbb1"));
        assertThat(sessions.serverOf("")).isEmpty();
        assertThat(sessions.serverOf("x".repeat(101))).isEmpty();
    }
}
