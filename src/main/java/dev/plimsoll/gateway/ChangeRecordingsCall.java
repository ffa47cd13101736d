// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.recording.RecordingPool;

import java.util.Arrays;
import java.util.List;

/// `publishRecordings`, `deleteRecordings` and `updateRecordings`: sent to the servers that hold the recordings. It is
/// done when one of them did it, as a server's answer is when it knew one of the ids.
final class ChangeRecordingsCall extends NamedCall {

    private final RecordingPool recordings;

    ChangeRecordingsCall(String name, String summary, RecordingPool recordings, Method... methods) {
        super(name, summary, methods);
        this.recordings = recordings;
    }

    @Override
    public ApiFault wrongChecksum() {
        return ApiFault.recordingChecksum();
    }

    @Override
    public Source answeredFrom() {
        return Source.HOLDERS;
    }

    @Override
    public List<String> errors() {
        if (!name().equals("publishRecordings")) {
            return List.of("missingParamRecordID", ApiFault.NOT_FOUND, ApiFault.SERVER_UNAVAILABLE);
        }
        return List.of(
                "missingParamRecordID",
                "missingParamPublish",
                ApiFault.NOT_FOUND,
                ApiFault.SERVER_UNAVAILABLE);
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        var params = call.params();
        String ids =
                params.filled("recordID")
                        .orElseThrow(() ->
                                new ApiFault(
                                        "missingParamRecordID", "You must specify a recordID."));
        if (name().equals("publishRecordings") && params.filled("publish").isEmpty()) {
            throw new ApiFault(
                    "missingParamPublish", "You must specify a publish value true or false.");
        }
        var replies =
                recordings.change(
                        name(), params, Arrays.stream(ids.split(",")).map(String::strip).toList());
        return answer(replies);
    }

    private static Reply answer(List<ServerReply> replies) {
        for (ServerReply reply : replies) {
            if (reply instanceof ServerReply.Success) {
                return Forwarding.pass(reply);
            }
        }
        // A server that is silent may be the one that has it: then "not found" would be a guess.
        for (ServerReply reply : replies) {
            if (reply instanceof ServerReply.Unreachable) {
                throw new ApiFault(
                        ApiFault.SERVER_UNAVAILABLE,
                        "A server that may hold the recording does not answer. Please try again in a moment.");
            }
        }
        for (ServerReply reply : replies) {
            if (reply instanceof ServerReply.Refused) {
                return Forwarding.pass(reply);
            }
        }
        throw new ApiFault(ApiFault.NOT_FOUND, "We could not find recordings");
    }
}
