// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What a command printed and returned that ran in this process; never a stack trace.
record Ran(int code, byte[] bytes, String err) {

    /// Runs the command line with that input. One at a time: the streams are the process's own.
    static Ran of(Map<String, String> environment, byte[] input, String... words) {
        var in = System.in;
        var out = System.out;
        var err = System.err;
        var printed = new ByteArrayOutputStream();
        var complained = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(input));
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
            int code =
                    Main.commandLine(environment, words.length > 0 ? words[0] : "").execute(words);
            var ran =
                    new Ran(
                            code,
                            printed.toByteArray(),
                            complained.toString(StandardCharsets.UTF_8));
            assertThat(ran.err).doesNotContain("\tat ").doesNotContain("Exception");
            return ran;
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
        }
    }

    /// What it printed, as text.
    String out() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// The same, if it returned that code.
    Ran returning(int expected, String... words) {
        assertThat(code).as("%s%n%s%n%s", String.join(" ", words), out(), err).isEqualTo(expected);
        return this;
    }
}
