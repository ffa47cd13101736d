// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.SeenMeeting;
import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerPool;

import java.util.List;

/// `getStatistics`: the servers and how busy their meetings are, as bbb-loadbalancer lists them; as of the last polls,
/// so that no server is asked and none that is silent spoils the answer.
final class GetStatisticsCall extends NamedCall {

    private final MeetingRegistry meetings;
    private final ServerPool pool;

    GetStatisticsCall(MeetingRegistry meetings, ServerPool pool) {
        super("getStatistics", "Lists the servers and the people in their meetings.", Method.GET);
        this.meetings = meetings;
        this.pool = pool;
    }

    @Override
    public boolean onlyReads() {
        return true;
    }

    @Override
    public Source answeredFrom() {
        return Source.MEMORY;
    }

    @Override
    public List<String> errors() {
        return List.of();
    }

    @Override
    public Reply handle(Call call) {
        var xml = XmlWriting.success().open("servers");
        for (Server server : pool.servers()) {
            xml.open("server").leaf("serverID", server.id().value()).open("meetings");
            if (server.takesJoins()) {
                for (var listed : pool.lastAnswer(server.id()).meetings()) {
                    meetings.knownScoped(listed.seen().meetingId())
                            .filter(meeting -> meeting.key().tenant().equals(call.tenant().id()))
                            .filter(meeting -> meeting.server().equals(server.id()))
                            .ifPresent(meeting ->
                                    write(xml, meeting.key().meetingId(), listed.seen()));
                }
            }
            xml.close("meetings").close("server");
        }
        return new Reply.Xml(xml.close("servers").end());
    }

    private static void write(XmlWriting xml, String id, SeenMeeting seen) {
        xml.open("meeting")
                .leaf("meetingID", id)
                .leaf("participantCount", seen.users())
                .leaf("listenerCount", seen.listeners())
                .leaf("voiceParticipantCount", seen.voices())
                .leaf("videoCount", seen.videos())
                .close("meeting");
    }
}
