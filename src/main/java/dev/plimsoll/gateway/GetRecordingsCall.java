// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.RecordingsReply;
import dev.plimsoll.bbb.RecordingsReply.Listed;
import dev.plimsoll.recording.RecordingPool;

import java.util.List;
import java.util.Optional;

/// `getRecordings`: asks all servers at once and merges. Filters are the servers' to apply; a page is cut from the
/// whole.
final class GetRecordingsCall extends NamedCall {

    private static final int LARGEST_PAGE = 100;

    private final RecordingPool recordings;

    GetRecordingsCall(RecordingPool recordings) {
        super("getRecordings", "Lists the recordings of all servers.", Method.GET, Method.POST);
        this.recordings = recordings;
    }

    @Override
    public boolean onlyReads() {
        return true;
    }

    @Override
    public ApiFault wrongChecksum() {
        return ApiFault.recordingChecksum();
    }

    @Override
    public Source answeredFrom() {
        return Source.ALL_SERVERS;
    }

    @Override
    public String rewrites() {
        return "one list of all, newest first; limit and offset are applied after the merge";
    }

    @Override
    public List<String> errors() {
        return List.of();
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        var params = call.params();
        var merged = recordings.list(params.without("offset").without("limit"));
        var limit = number(params, "limit").map(wanted -> Math.clamp(wanted, 1, LARGEST_PAGE));
        int offset = Math.max(0, number(params, "offset").orElse(0));
        // BBB: without a limit there is no paging, and the offset is ignored
        List<Listed> page =
                limit.map(size -> merged.recordings().stream().skip(offset).limit(size).toList())
                        .orElse(merged.recordings());
        var document = RecordingsReply.write(page, limit.map(_ -> merged.recordings().size()));
        var reply = new Reply.Xml(document, Reply.Caching.UNSAID);
        return merged.missing().isEmpty()
                ? reply
                : new Reply.Incomplete(
                        reply, "%d servers did not answer".formatted(merged.missing().size()));
    }

    // BBB: what is no number counts as not given
    private static Optional<Integer> number(Params params, String name) {
        try {
            return params.filled(name).map(Integer::valueOf);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
