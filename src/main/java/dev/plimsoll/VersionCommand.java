// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import picocli.CommandLine.Command;

/// `plimsoll version`.
@Command(
        name = "version",
        description = "Version, commit and Java.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: plimsoll version"})
final class VersionCommand implements Runnable {

    @Override
    public void run() {
        System.out.println(text());
    }

    static String text() {
        var version = Version.current();
        return "plimsoll %s (commit %s), Java %s"
                .formatted(version.number(), version.commit(), Runtime.version());
    }
}
