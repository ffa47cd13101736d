// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Asks many servers at once and waits for all of them, but never past a deadline.
public final class Fanout {

    private Fanout() {}

    /// One server's answer, or why there is none. A missing answer never hides the others.
    public sealed interface Answer<S, R> {
        /// The answer.
        record Given<S, R>(S server, R reply) implements Answer<S, R> {}

        /// Why there is no answer.
        record Missing<S, R>(S server, String reason) implements Answer<S, R> {}
    }

    /// Puts the question to each server on a thread of its own. Answers come in the order of the servers.
    public static <S, R> List<Answer<S, R>> ask(
            List<S> servers, Duration within, Function<S, R> question) throws InterruptedException {
        var tasks =
                servers.stream().<Callable<R>>map(server -> () -> question.apply(server)).toList();
        // Not closed: close would wait for late questions, which are interrupted and end by their
        // own deadline.
        @SuppressWarnings("resource")
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            var futures = threads.invokeAll(tasks, within.toMillis(), TimeUnit.MILLISECONDS);
            var answers = new ArrayList<Answer<S, R>>(servers.size());
            for (int i = 0; i < futures.size(); i++) {
                S server = servers.get(i);
                answers.add(
                        switch (futures.get(i).state()) {
                            case SUCCESS -> new Answer.Given<>(server, futures.get(i).resultNow());
                            case FAILED ->
                                    new Answer.Missing<>(
                                            server, futures.get(i).exceptionNow().toString());
                            case CANCELLED, RUNNING ->
                                    new Answer.Missing<>(server, "no answer within " + within);
                        });
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }
}
