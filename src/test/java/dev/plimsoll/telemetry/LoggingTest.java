// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

@Isolated("the log and standard error belong to the whole process")
final class LoggingTest {

    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setErr(standardError);
        Logging.use(new LogSettings(false, "WARN"));
    }

    @Test
    void jsonLinesCarryMessageLevelAndKeys() {
        Logging.use(new LogSettings(true, "INFO"));
        LoggerFactory.getLogger("dev.plimsoll.Some")
                .atInfo()
                .addKeyValue("call", "create")
                .addKeyValue("odd", "a\"b\\c\nd\te\u0001 😀")
                .log("line one\nline \"two\"");
        var line = json().getFirst();
        assertThat(json()).hasSize(1);
        assertThat(line.path("level").asString()).isEqualTo("INFO");
        assertThat(line.path("formattedMessage").asString()).isEqualTo("line one\nline \"two\"");
        assertThat(line.path("timestamp").isNumber()).isTrue();
        assertThat(line.path("kvpList").toString())
                .contains("\"call\":\"create\"")
                .contains("\"odd\":\"a\\\"b\\\\c\\nd\\te\\u0001 😀\"");
    }

    @Test
    void jsonLinesCarryExceptions() {
        Logging.use(new LogSettings(true, "INFO"));
        LoggerFactory.getLogger("dev.plimsoll.Some")
                .atError()
                .setCause(new IllegalStateException("a \"cause\"\nof two lines"))
                .log("failed");
        assertThat(json()).hasSize(1);
        assertThat(json().getFirst().path("throwable").toString())
                .contains("IllegalStateException");
    }

    @Test
    void linesForPeopleCarryKeysToo() {
        Logging.use(new LogSettings(false, "DEBUG"));
        LoggerFactory.getLogger("dev.plimsoll.Some").atDebug().addKeyValue("ms", 12).log("done");
        assertThat(text()).contains("DEBUG done ms=12").endsWith("\n");
    }

    @Test
    void theLevelIsOursAndLibrariesMayOnlyWarn() {
        Logging.use(new LogSettings(false, "INFO"));
        LoggerFactory.getLogger("dev.plimsoll.Some").debug("hidden");
        LoggerFactory.getLogger("org.flywaydb").info("hidden");
        // It shows what was asked on a connection that breaks.
        LoggerFactory.getLogger("com.zaxxer.hikari.pool.ProxyConnection").warn("hidden");
        assertThat(text()).isEmpty();
        LoggerFactory.getLogger("org.flywaydb").warn("shown");
        assertThat(text()).contains("WARN").contains("shown");
    }

    @Test
    void whatLibrariesSayThroughJavaUtilLoggingShowsNoRequest() {
        Logging.use(new LogSettings(true, "INFO"));
        java.util.logging.Logger.getLogger("io.helidon.Some")
                .log(
                        java.util.logging.Level.WARNING,
                        "GET /join?fullName=Ada",
                        new IllegalStateException("checksum=abc"));
        java.util.logging.Logger.getLogger("io.helidon.Some").info("hidden");
        assertThat(json()).hasSize(1);
        assertThat(text())
                .contains("a library reports a problem")
                .contains("io.helidon.Some")
                .contains("java.lang.IllegalStateException")
                .doesNotContain("Ada", "checksum");
    }

    private List<JsonNode> json() {
        return text().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
