// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.Changed;
import dev.plimsoll.adminapi.MeetingView;
import dev.plimsoll.adminapi.MoveWish;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;

/// `plimsoll meetings`; without a subcommand, lists them.
@Command(
        name = "meetings",
        description = "The meetings and where they run; without a subcommand, lists them.",
        footer = {"", "Example: plimsoll meetings list --json"})
final class MeetingsCommand extends OperatorCommand {

    @Mixin private final Output output = new Output();

    private MeetingsCommand(Map<String, String> environment) {
        super(environment);
    }

    static CommandLine commandLine(Map<String, String> environment) {
        var meetings = new CommandLine(new MeetingsCommand(environment));
        var list = new CommandLine(new MeetingsCommand(environment)).setCommandName("list");
        list.getCommandSpec().usageMessage().description("Lists the meetings.");
        meetings.addSubcommand("list", list);
        meetings.addSubcommand("show", new Show(environment));
        ActCommand.addTo(meetings, "end", AdminRoutes.MEETINGS_END, environment);
        meetings.addSubcommand("move", new Move(environment));
        return meetings;
    }

    @Override
    public Integer call() {
        var meetings =
                List.of(connection.send(AdminRoutes.MEETINGS_LIST, "", null, MeetingView[].class));
        output.print(meetings, table(meetings));
        return 0;
    }

    @Command(
            description = "One meeting, and why it runs where it runs.",
            footer = {"", "Example: plimsoll meetings show room-1"})
    private static final class Show extends OperatorCommand {
        @Parameters(paramLabel = "ID", description = "The meeting's id, as its frontend named it.")
        private String id = "";

        @Mixin private final Output output = new Output();

        Show(Map<String, String> environment) {
            super(environment);
        }

        @Override
        public Integer call() {
            var meeting = connection.send(AdminRoutes.MEETINGS_SHOW, id, null, MeetingView.class);
            output.print(
                    meeting,
                    new Table("WHAT", "VALUE")
                            .row("meeting", meeting.id())
                            .row("tenant", meeting.tenant())
                            .row("server", meeting.server())
                            .row("because", meeting.why())
                            .row("state", meeting.state())
                            .row("created", meeting.createdAt())
                            .row("internal id", meeting.internalId()));
            return 0;
        }
    }

    @Command(
            description = {
                "Moves a meeting to another server; people follow by themselves.",
                "Chat, shared notes, whiteboard, polls and breakout rooms stay behind, and a recording ends there and"
                        + " begins anew."
            },
            footer = {"", "Example: plimsoll meetings move room-1 --to bbb2.example.org"})
    private static final class Move extends OperatorCommand {
        @Parameters(paramLabel = "ID", description = "The meeting's id, as its frontend named it.")
        private String id = "";

        @Option(
                names = "--to",
                paramLabel = "SERVER",
                description = "Where to; else where it fits best.")
        private @Nullable String to;

        Move(Map<String, String> environment) {
            super(environment);
        }

        @Override
        public Integer call() {
            return Commands.report(
                    connection.send(
                            AdminRoutes.MEETINGS_MOVE, id, new MoveWish(to), Changed.class));
        }
    }

    private static Table table(List<MeetingView> meetings) {
        var table = new Table("MEETING", "TENANT", "SERVER", "STATE", "CREATED", "INTERNAL ID");
        for (MeetingView meeting : meetings) {
            table.row(
                    meeting.id(),
                    meeting.tenant(),
                    meeting.server(),
                    meeting.state(),
                    meeting.createdAt(),
                    meeting.internalId());
        }
        return table;
    }
}
