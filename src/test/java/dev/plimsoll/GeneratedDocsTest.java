// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The pages under docs/reference are what the code would write now.
final class GeneratedDocsTest {

    @Test
    void theSettingsReferenceIsUpToDate() throws IOException {
        assertThat(Files.readString(Path.of("docs/reference/settings.md")))
                .as(
                        "docs/reference/settings.md differs from the settings in the code; run `make docs`")
                .isEqualTo(ConfigCommand.page());
    }

    @Test
    void theCallsAreUpToDate() throws IOException {
        assertThat(Files.readString(Path.of("docs/reference/bbb-calls.md")))
                .as("docs/reference/bbb-calls.md differs from the table of calls; run `make docs`")
                .isEqualTo(ReferenceCommand.callsPage());
    }
}
