// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.config.Durations;

import java.time.Duration;

/// A way in which a simulated server misbehaves. See [FaultRule] for when, and for how to write one as text.
public sealed interface Fault {

    /// Says no in BigBlueButton's own way: `refuse:someKey:Some text`.
    record Refuse(String messageKey, String message) implements Fault {}

    /// Closes the connection without an answer: `drop`.
    record Drop() implements Fault {}

    /// Takes the request and never answers, until the faults are cleared: `hang`.
    record Hang() implements Fault {}

    /// Waits before it does the work: `delay:2s`.
    record Delay(Duration time) implements Fault {}

    /// Sends the answer's body drop by drop: `slowly:100` bytes a second.
    record Slowly(int bytesPerSecond) implements Fault {}

    /// Answers with random bytes: `garbage`.
    record Garbage() implements Fault {}

    /// Answers with an HTML page: `html` with status 200, `html:502`.
    record Html(int status) implements Fault {}

    /// Answers with a bare status: `status:503`.
    record Status(int code) implements Fault {}

    /// Closes the connection in the middle of the answer: `truncate`.
    record Truncate() implements Fault {}

    /// Forgets all meetings, then does the work, as after a restart: `lose-meetings`.
    record LoseMeetings() implements Fault {}

    /// Does the work, then closes the connection without an answer: `lose-answer`.
    record LoseAnswer() implements Fault {}

    /// Whether the request ends here, so that no further fault can strike it.
    default boolean isFinal() {
        return switch (this) {
            case Refuse _, Drop _, Hang _, Garbage _, Html _, Status _ -> true;
            case Delay _, Slowly _, Truncate _, LoseMeetings _, LoseAnswer _ -> false;
        };
    }

    /// The fault as it is written on the command line.
    default String text() {
        return switch (this) {
            case Refuse(var key, var message) -> "refuse:" + key + ":" + message;
            case Drop() -> "drop";
            case Hang() -> "hang";
            case Delay(var time) -> "delay:" + Durations.write(time);
            case Slowly(int bytes) -> "slowly:" + bytes;
            case Garbage() -> "garbage";
            case Html(int status) -> "html:" + status;
            case Status(int code) -> "status:" + code;
            case Truncate() -> "truncate";
            case LoseMeetings() -> "lose-meetings";
            case LoseAnswer() -> "lose-answer";
        };
    }
}
