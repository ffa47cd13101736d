// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.http.Response;
import dev.plimsoll.simulator.Violations.Violation;

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

    /// Weighs the request and answers it. BBB: a bad checksum is told alone, then all else that is wrong is weighed
    /// together.
    default Response respond(Incoming in, Signature signature) {
        return switch (signature) {
            case MISSING ->
                    refuse(in, new Violation("checksumError", "You must provide the checksum"));
            case WRONG -> refuse(in, new Violation("checksumError", "Checksums do not match"));
            case GOOD -> respondToSigned(in);
        };
    }

    private Response respondToSigned(Incoming in) {
        if (breaksOn(in)) {
            return Answers.page(500);
        }
        var violations = new Violations();
        if (in.body().length > 0 && in.contentType().filter(bodyTypes()::contains).isEmpty()) {
            violations.add(
                    "unsupportedContentType",
                    "POST request Content-Type is missing or unsupported");
        }
        validate(in, violations);
        return violations
                .first()
                .map(violation -> refuse(in, violation))
                .orElseGet(() -> answer(in));
    }

    /// Says no to a request whose checksum or parameters are wrong.
    default Response refuse(Incoming in, Violation violation) {
        return Answers.failed(in, violation);
    }

    /// Does what was asked.
    Response answer(Incoming in);
}
