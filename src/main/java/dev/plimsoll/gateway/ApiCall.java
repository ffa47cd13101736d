// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.http.Request;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.tenant.Tenant;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A call of the BigBlueButton API, from verified request to reply.
///
/// To add a call, write one class and add one line to [Calls]. Routing, checksum check and metrics work from that
/// line.
interface ApiCall {

    /// How a call may be sent.
    enum Method {
        GET,
        POST
    }

    /// What a POST may carry; everything else is `unsupportedContentType`.
    // BBB: 2.6.18, 2.7.8 and 3.0 look at the content type of every request that has a body
    enum Bodies {
        FORM,
        XML,
        FORM_OR_XML,
        JSON,
        /// An upload, whose parameters stand in the address.
        MULTIPART
    }

    /// The name in the URL, as the BigBlueButton documentation spells it.
    String name();

    /// One line for the generated API page.
    String summary();

    Set<Method> methods();

    default Bodies bodies() {
        return Bodies.FORM;
    }

    /// Whether a GET changes nothing anywhere, so that HEAD may be answered as GET is.
    default boolean onlyReads() {
        return false;
    }

    /// Where an answer comes from.
    enum Source {
        NOTHING("nowhere: the call is refused"),
        MEMORY("memory, else the database"),
        DATABASE("the database"),
        ONE_SERVER("the meeting's server"),
        SESSION("the server that opened the session"),
        HOLDERS("the servers that hold the recordings"),
        ALL_SERVERS("all servers at once");

        private final String words;

        Source(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /// Where the answer comes from; a call that is sent on needs to say nothing.
    default Source answeredFrom() {
        return Source.ONE_SERVER;
    }

    /// What we change of the call or the answer besides the checksum, for the generated API page.
    default String rewrites() {
        return "nothing";
    }

    /// The message keys that we answer ourselves, besides those of every call; a server's own pass through.
    default List<String> errors() {
        return List.of(ApiFault.NOT_FOUND, ApiFault.SERVER_UNAVAILABLE);
    }

    /// What is said when the checksum is wrong; the calls about recordings word it in their own way.
    default ApiFault wrongChecksum() {
        return ApiFault.checksum();
    }

    /// Whether a checksum is needed at all.
    default boolean isSigned() {
        return true;
    }

    /// Whether the body is left to the call, which passes it on while it arrives, by way of [Request#stream]. Its checksum
    /// must stand in the address then.
    default boolean streams() {
        return false;
    }

    /// The document that tells of a fault.
    default byte[] failed(ApiFault fault) {
        return XmlWriting.failed(fault.messageKey(), fault.text());
    }

    /// @throws ApiFault what the caller should read
    Reply handle(Call call) throws InterruptedException;

    /// A call whose checksum has been verified; the checksum itself is gone from `params`.
    ///
    /// @param params of the query, then of a form body
    /// @param query those of the query alone
    /// @param body what was posted, a form without its checksum
    record Call(
            Tenant tenant,
            Params params,
            Params query,
            Optional<ServerCall.Body> body,
            Request request) {

        /// The meeting that the call is about.
        ///
        /// @throws ApiFault when the call names none
        Meeting.Key meetingKey() {
            return new Meeting.Key(
                    tenant.id(),
                    params.filled("meetingID").orElseThrow(ApiFault::missingMeetingId));
        }
    }
}
