// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.Changed;
import dev.plimsoll.adminapi.ServerView;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.Map;

/// `plimsoll servers evacuate`.
@Command(
        description = {
            "Cordons a server, and moves all its meetings to other servers, the biggest last; people follow by themselves.",
            "See `plimsoll meetings move --help` for what stays behind."
        },
        footer = {"", "Example: plimsoll servers evacuate bbb1.example.org"})
final class EvacuateCommand extends OperatorCommand {

    @Parameters(paramLabel = "ID", description = "Which server.")
    private String id = "";

    @Mixin private final Waiting waiting = new Waiting();

    EvacuateCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
        var screen = Screen.standard();
        try (var instance = waiting.instance(connection, screen)) {
            boolean cordoned = isCordoned(instance, screen);
            Evacuation.Result result;
            try (var _ =
                    OnInterrupt.say(
                            "plimsoll: broken off; server %s stays as it is".formatted(id))) {
                result = new Evacuation(instance, screen).run(id, () -> false);
            }
            if (result.moved() == 0 && result.left().isEmpty()) {
                screen.line("no meeting runs on server %s".formatted(id));
            }
            if (!result.left().isEmpty()) {
                System.err.println(
                        "plimsoll: %s left on server %s:"
                                .formatted(DrainWait.count(result.left().size(), "meeting"), id));
                result.left()
                        .forEach((meeting, why) ->
                                System.err.println("  %s: %s".formatted(meeting, why)));
                return 1;
            }
            return cordoned || result.moved() > 0 ? 0 : Commands.NOTHING_TO_CHANGE;
        }
    }

    /// One that takes no new meetings already stays as it is: a drain goes on.
    private boolean isCordoned(Instance instance, Screen screen) throws InterruptedException {
        var server = instance.send(AdminRoutes.SERVERS_SHOW, id, null, ServerView.class);
        if (!server.admission().equals("enabled")) {
            return false;
        }
        var changed = instance.send(AdminRoutes.SERVERS_CORDON, id, null, Changed.class);
        screen.line(changed.message());
        return true;
    }
}
