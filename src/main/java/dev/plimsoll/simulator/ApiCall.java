// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.http.Response;

import java.util.Set;

/// One call of the API, as bbb-web treats it. All its methods run under the lock of [Meetings].
interface ApiCall {

    Set<String> GET_AND_POST = Set.of("GET", "POST");
    Set<String> FORMS = Set.of("application/x-www-form-urlencoded", "multipart/form-data");
    Set<String> XML = Set.of("application/xml", "text/xml");

    /// The name in the URL.
    String name();

    /// The HTTP methods routed to the call.
    default Set<String> methods() {
        return GET_AND_POST;
    }

    /// The content types a body may have.
    default Set<String> bodyTypes() {
        return FORMS;
    }

    /// Whether bbb-web runs into an exception of its own and answers with HTTP 500.
    default boolean breaksOn(Incoming in) {
        return false;
    }

    /// Notes what is wrong with the parameters.
    default void validate(Incoming in, Violations violations) {}

    /// Says no to a request whose checksum or parameters are wrong.
    default Response refuse(Incoming in, Violations.Violation violation) {
        return Answers.failed(in, violation);
    }

    /// Does what was asked.
    Response answer(Incoming in);
}
