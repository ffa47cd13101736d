// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.ServerCall;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// How a meeting is created: remembered, so that it can be opened once more on another server.
///
/// @param params of the query, without checksum, in the caller's own encoding
/// @param body as the caller posted it: slides, or a form without its checksum
public record Recipe(Params params, Optional<ServerCall.Body> body) {

    private static final String FORM = "application/x-www-form-urlencoded";

    /// All that the caller said: the query, then the fields of a posted form.
    public Params said() {
        return body.filter(posted -> posted.contentType().startsWith(FORM))
                .map(posted ->
                        params.and(
                                Params.parse(new String(posted.bytes(), StandardCharsets.UTF_8))))
                .orElse(params);
    }
}
