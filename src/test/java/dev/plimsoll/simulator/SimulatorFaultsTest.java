// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.config.Secret;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.TestClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

@Timeout(20)
class SimulatorFaultsTest {

    private final SimulatedServer server =
            SimulatedServer.start(
                    SimulatorSettings.standard(new Secret("conformance-secret-0123456789")),
                    TestClock.standing(),
                    new Random(1));
    private final Target target = new Target(server.api(), server.secret());

    @AfterEach
    void close() {
        server.close();
    }

    private void fault(String rule) {
        server.faults().add(FaultRule.parse(rule));
    }

    private Target.Answer create(String id) {
        return target.get("create", "name=Room&meetingID=" + id);
    }

    @Test
    void refusing_looks_like_an_error_of_the_server() {
        fault("create=refuse:tooMany:Too many meetings.");

        assertThat(create("a1").body())
                .isEqualTo(
                        "<response>\n<returncode>FAILED</returncode>\n<messageKey>tooMany</messageKey>\n"
                                + "<message>Too many meetings.</message>\n</response>");
        assertThat(server.control().meetings()).isEmpty();
    }

    @Test
    void dropping_closes_the_connection_without_an_answer_and_without_the_work() {
        fault("create=drop"); // not just once: Java's client silently repeats a GET that was
        // dropped

        assertThatThrownBy(() -> create("a1")).isInstanceOf(UncheckedIOException.class);
        assertThat(server.control().meetings()).isEmpty();
        server.faults().clear();
        assertThat(create("a1").text("returncode")).isEqualTo("SUCCESS");
    }

    @Test
    void a_lost_answer_leaves_the_work_done() {
        fault("lose-answer");

        assertThatThrownBy(() -> create("a1")).isInstanceOf(UncheckedIOException.class);
        assertThat(server.control().meetings()).hasSize(1);
    }

    @Test
    void a_hanging_server_answers_nobody_until_the_fault_is_cleared() throws Exception {
        fault("hang");

        var answer = CompletableFuture.supplyAsync(() -> create("a1"));
        awaitRequest();
        assertThat(answer).isNotDone();

        server.faults().clear();

        assertThat(create("a1").text("returncode")).isEqualTo("SUCCESS");
    }

    private void awaitRequest() throws InterruptedException {
        while (server.control().calls("create") == 0) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void a_hanging_server_can_be_closed() throws Exception {
        fault("hang");
        var answer = CompletableFuture.supplyAsync(() -> create("a1"));
        awaitRequest();

        server.close();

        assertThat(answer).failsWithin(Duration.ofSeconds(5));
    }

    @Test
    void a_delayed_answer_comes_late_but_whole() {
        fault("delay:150ms*1");
        long start = System.nanoTime();

        assertThat(create("a1").text("returncode")).isEqualTo("SUCCESS");
        assertThat(System.nanoTime() - start).isGreaterThan(140_000_000);
    }

    @Test
    void a_slow_answer_comes_in_pieces_but_whole() {
        String quick = target.get("getMeetings", "").body();
        fault("slowly:500");
        long start = System.nanoTime();

        assertThat(target.get("getMeetings", "").body()).isEqualTo(quick);
        assertThat(System.nanoTime() - start).isGreaterThan(200_000_000);
    }

    @Test
    void garbage_pages_and_bare_statuses_come_one_after_the_other() {
        fault("create=garbage*1");
        fault("create=html:502*1");

        fault("create=html*1");

        assertThatThrownBy(() -> create("a1").xml()).isInstanceOf(AssertionError.class);
        assertThat(create("a1").status()).isEqualTo(502);
        assertThat(create("a1").body()).startsWith("<!doctype html>");
        fault("status:503*1");
        assertThat(create("a1").status()).isEqualTo(503);
    }

    @Test
    void a_truncated_answer_breaks_off_in_the_middle() {
        fault("getMeetings=truncate");

        assertThatThrownBy(() -> target.get("getMeetings", ""))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void losing_meetings_strikes_once_like_a_restart() {
        create("a1");
        fault("lose-meetings");

        assertThat(target.get("getMeetings", "").text("messageKey")).isEqualTo("noMeetings");
        create("a1");
        assertThat(target.get("getMeetings", "").xml().child("meetings").orElseThrow().children())
                .hasSize(1);
    }

    @Test
    void a_server_that_is_down_refuses_connections_and_comes_back_with_its_meetings() {
        create("a1");
        int port = server.port();

        server.goDown();
        assertThatThrownBy(() -> create("a2"))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(ConnectException.class);

        server.comeUp();
        assertThat(server.port()).isEqualTo(port);
        assertThat(create("a1").text("messageKey")).isEqualTo("duplicateWarning");
    }

    @Test
    void faults_of_one_call_leave_the_others_alone() {
        fault("create=status:500");

        assertThat(target.get("getMeetings", "").status()).isEqualTo(200);
        assertThat(create("a1").status()).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hang",
                "drop",
                "delay:2s",
                "slowly:100",
                "garbage",
                "html:200",
                "status:503",
                "truncate",
                "lose-meetings",
                "lose-answer",
                "refuse:key:Some text: with colons",
                "create=drop*2",
                "root=delay:150ms*3"
            })
    void a_rule_reads_as_it_is_written(String text) {
        assertThat(FaultRule.parse(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "explode",
                "delay",
                "delay:soon",
                "status:9",
                "slowly:0",
                "a b=drop",
                "drop*x"
            })
    void what_is_no_rule_is_refused_with_the_list_of_rules(String text) {
        assertThatThrownBy(() -> FaultRule.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("delay:2s");
    }
}
