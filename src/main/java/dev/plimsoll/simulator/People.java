// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

/// Artificial people who enter a simulated meeting without `join`.
public record People(int count, Role role, boolean camera, boolean microphone, boolean listening) {

    /// @throws IllegalArgumentException for fewer than 1 or more than 10 000
    public People {
        if (count < 1 || count > 10_000) {
            throw new IllegalArgumentException("count must be between 1 and 10000");
        }
    }

    public static People viewers(int count) {
        return new People(count, Role.VIEWER, false, false, false);
    }

    public static People moderators(int count) {
        return new People(count, Role.MODERATOR, false, false, false);
    }

    /// People on the phone, who always have a microphone.
    public static People phones(int count) {
        return new People(count, Role.PHONE, false, true, false);
    }

    public People withCamera() {
        return new People(count, role, true, microphone, listening);
    }

    public People withMicrophone() {
        return new People(count, role, camera, true, listening);
    }

    public People onlyListening() {
        return new People(count, role, camera, false, true);
    }
}
