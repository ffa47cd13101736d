// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

/// What a request may have too much of before a surface hears of it.
public enum Limit {
    /// The request line.
    URL("url"),
    /// Headers beyond their limit, or what is no HTTP: Helidon 4.5 does not tell which.
    BAD_HTTP("bad-http"),
    /// The time that sending the request line and the headers takes.
    HEADER_TIME("header-time"),
    BODY("body"),
    /// The time that sending the body takes.
    BODY_TIME("body-time"),
    /// The time that reading our answer takes.
    ANSWER_TIME("answer-time");

    private final String word;

    Limit(String word) {
        this.word = word;
    }

    /// Its name in metrics.
    public String word() {
        return word;
    }
}
