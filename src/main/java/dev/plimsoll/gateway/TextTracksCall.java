// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.RawReply;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.recording.RecordingPool;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;

/// `getRecordingTextTracks` and `putRecordingTextTrack`: sent to the server that holds the recording; answered in
/// JSON, word for word.
final class TextTracksCall extends NamedCall {

    private final RecordingPool recordings;

    TextTracksCall(String name, String summary, RecordingPool recordings, Method... methods) {
        super(name, summary, methods);
        this.recordings = recordings;
    }

    @Override
    public boolean onlyReads() {
        return methods().contains(Method.GET);
    }

    @Override
    public Bodies bodies() {
        return methods().contains(Method.GET) ? Bodies.FORM : Bodies.MULTIPART;
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
        String missing = methods().contains(Method.GET) ? "missingParamRecordID" : "paramError";
        return List.of(missing, "noRecordings", ApiFault.SERVER_UNAVAILABLE);
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        boolean put = name().equals("putRecordingTextTrack");
        var recordId = call.params().filled("recordID");
        if (recordId.isEmpty()) {
            if (put) {
                return failed("paramError", "Missing param recordID.");
            }
            throw new ApiFault("missingParamRecordID", "You must specify a recordID.");
        }
        var question =
                put
                        ? ServerCall.act(name(), call.query(), call.body())
                        : ServerCall.read(name(), call.params());
        var reply = recordings.textTracks(question, recordId.get());
        if (reply.isEmpty()) {
            return failed(
                    "noRecordings",
                    (put ? "No recording was found for " : "No recording found for ")
                            + recordId.get());
        }
        return switch (reply.get()) {
            case RawReply.Answered(int status, String contentType, byte[] body)
                    when status == 200 && contentType.startsWith("application/json") ->
                    new Reply.Json(body);
            case RawReply.Answered _, RawReply.Failed _ -> throw ApiFault.serverSilent();
        };
    }

    private record Answer(String returncode, String messageKey, String message) {}

    private record Envelope(Answer response) {}

    private static Reply failed(String key, String message) {
        return new Reply.Json(
                JsonMapper.shared()
                        .writeValueAsBytes(new Envelope(new Answer("FAILED", key, message))));
    }
}
