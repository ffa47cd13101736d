// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import dev.plimsoll.bbb.ServerReply.Delivery;

/// What came back from a call whose answer is not BigBlueButton's usual XML: JSON, or nothing we look into.
public sealed interface RawReply {

    /// The server answered.
    record Answered(int status, String contentType, byte[] body) implements RawReply {}

    /// No answer.
    record Failed(Failure failure, Delivery delivery) implements RawReply {}
}
