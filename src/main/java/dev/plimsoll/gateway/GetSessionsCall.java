// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.Fanout;
import dev.plimsoll.bbb.Fanout.Answer;
import dev.plimsoll.bbb.ItemsReply;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.RawReply;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerPool;

import java.util.ArrayList;
import java.util.List;

/// `getSessions`: the sessions of all servers in one list. Undocumented in BigBlueButton and rarely used, so a silent
/// server's are simply missing, visibly.
final class GetSessionsCall extends NamedCall {

    private final ServerPool pool;
    private final BbbClient bbb;
    private final GatewaySettings settings;

    GetSessionsCall(ServerPool pool, BbbClient bbb, GatewaySettings settings) {
        super(
                "getSessions",
                "Lists the people who joined, on all servers.",
                Method.GET,
                Method.POST);
        this.pool = pool;
        this.bbb = bbb;
        this.settings = settings;
    }

    @Override
    public Source answeredFrom() {
        return Source.ALL_SERVERS;
    }

    @Override
    public String rewrites() {
        return "one list of all; silent servers leave theirs out";
    }

    @Override
    public List<String> errors() {
        return List.of();
    }

    @Override
    public boolean onlyReads() {
        return true;
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        var servers = pool.servers().stream().filter(Server::takesJoins).toList();
        List<String> sessions = new ArrayList<>();
        int silent = 0;
        for (var answer : Fanout.ask(servers, settings.listTimeout(), this::ask)) {
            if (answer instanceof Answer.Given<Server, ItemsReply>(_, ItemsReply.Items(var list))) {
                sessions.addAll(list);
            } else {
                silent++;
            }
        }
        var reply = new Reply.Xml(document(sessions));
        return silent == 0
                ? reply
                : new Reply.Incomplete(reply, silent + " servers did not answer");
    }

    private ItemsReply ask(Server server) {
        var question = ServerCall.read(name(), Params.NONE);
        return switch (bbb.raw(server.endpoint(), question, settings.listTimeout())) {
            case RawReply.Answered(int status, _, byte[] body) when status == 200 ->
                    ItemsReply.read(body, "sessions", "meeting");
            case RawReply.Answered(int status, _, _) ->
                    new ItemsReply.Unusable(Failure.status(status));
            case RawReply.Failed(Failure failure, _) -> new ItemsReply.Unusable(failure);
        };
    }

    private static byte[] document(List<String> sessions) {
        var xml = XmlWriting.success();
        if (sessions.isEmpty()) {
            return xml.empty("sessions")
                    .leaf("messageKey", "noSessions")
                    .leaf("message", "no sessions were found on this serverr") // BBB: sic
                    .end();
        }
        xml.open("sessions");
        sessions.forEach(xml::raw);
        return xml.close("sessions").end();
    }
}
