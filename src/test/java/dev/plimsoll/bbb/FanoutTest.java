// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.bbb.Fanout.Answer;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

final class FanoutTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    @Test
    void answersComeInTheOrderOfTheServers() throws InterruptedException {
        var servers = IntStream.range(0, 200).boxed().toList();
        assertThat(Fanout.ask(servers, LONG, n -> n * n))
                .isEqualTo(
                        servers.stream()
                                .map(n -> (Answer<Integer, Integer>) new Answer.Given<>(n, n * n))
                                .toList());
    }

    @Test
    void noServersGiveNoAnswers() throws InterruptedException {
        assertThat(Fanout.ask(List.<String>of(), LONG, String::length)).isEmpty();
    }

    @Test
    void allAreAskedAtOnce() throws InterruptedException {
        var all = new CyclicBarrier(20);
        var answers =
                Fanout.ask(
                        IntStream.range(0, 20).boxed().toList(),
                        LONG,
                        _ -> {
                            try {
                                return all.await(5, TimeUnit.SECONDS);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
        assertThat(answers).allSatisfy(a -> assertThat(a).isInstanceOf(Answer.Given.class));
    }

    @Test
    void oneThatHangsDelaysNobodyBeyondTheDeadline() throws InterruptedException {
        var release = new CountDownLatch(1);
        long start = System.nanoTime();
        var answers =
                Fanout.ask(
                        List.of("good", "hangs", "deaf", "fails"),
                        Duration.ofMillis(200),
                        server -> answer(server, release));
        var took = Duration.ofNanos(System.nanoTime() - start);
        release.countDown();
        assertThat(took).isBetween(Duration.ofMillis(200), Duration.ofMillis(1200));
        assertThat(answers)
                .containsExactly(
                        new Answer.Given<>("good", "yes"),
                        new Answer.Missing<>("hangs", "no answer within PT0.2S"),
                        new Answer.Missing<>("deaf", "no answer within PT0.2S"),
                        new Answer.Missing<>("fails", "java.lang.IllegalStateException: broken"));
    }

    private static String answer(String server, CountDownLatch release) {
        switch (server) {
            case "good" -> {
                return "yes";
            }
            case "fails" -> throw new IllegalStateException("broken");
            case "deaf" -> {
                while (release.getCount() > 0) { // does not mind being interrupted
                    LockSupport.parkNanos(1_000_000);
                    Thread.interrupted();
                }
            }
            default -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return "late";
    }

    @Test
    void whoIsLateIsInterrupted() throws InterruptedException {
        var interrupted = new CountDownLatch(1);
        Fanout.ask(
                List.of("hangs"),
                Duration.ofSeconds(2),
                _ -> {
                    try {
                        return new CountDownLatch(1).await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        return false;
                    }
                });
        assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoAsksMayBeInterrupted() {
        var release = new CountDownLatch(1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Fanout.ask(List.of("hangs"), LONG, s -> answer(s, release)))
                .isInstanceOf(InterruptedException.class);
    }
}
