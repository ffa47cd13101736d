// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

/// x
final class Main {
    private Main() {}

    /// x
    ///
    /// - a
    ///   b
    public static void main(String[] args) {
        System.out.println("hi");
    }
}
