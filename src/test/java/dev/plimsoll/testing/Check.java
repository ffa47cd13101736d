// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

/// One of the numbered conformance checks of the API reference.
public record Check(int number, Applies applies, String behaviour, Play play) {

    /// Who must pass a check.
    public enum Applies {
        /// Only a real server and its simulator.
        SERVER,
        /// The balancer as well.
        EVERYBODY
    }

    /// What is done and expected.
    @FunctionalInterface
    public interface Play {
        void on(Stage stage);
    }

    static Check everybody(int number, String behaviour, Play play) {
        return new Check(number, Applies.EVERYBODY, behaviour, play);
    }

    static Check server(int number, String behaviour, Play play) {
        return new Check(number, Applies.SERVER, behaviour, play);
    }

    @Override
    public String toString() {
        return number + " " + behaviour;
    }
}
