// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.Changed;
import dev.plimsoll.adminapi.ServerView;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.Map;

/// `plimsoll servers drain`.
@Command(
        description =
                "Cordons a server, and disables it when its last meeting has ended; running meetings can be joined.",
        footer = {"", "Example: plimsoll servers drain bbb1.example.org --wait --timeout 3h"})
final class DrainCommand extends OperatorCommand {

    @Parameters(paramLabel = "ID", description = "Which server.")
    private String id = "";

    @Option(names = "--wait", description = "Wait until it is disabled, and show what is left.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "2h",
            converter = Waiting.Time.class,
            description =
                    "With --wait: how long at most; ${DEFAULT-VALUE}. The drain goes on after it.")
    private Duration timeout = Duration.ofHours(2);

    @Mixin private final Waiting waiting = new Waiting();

    DrainCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
        var changed = connection.send(AdminRoutes.SERVERS_DRAIN, id, null, Changed.class);
        int code = Commands.report(changed);
        return wait && !isOver(changed) ? await() : code;
    }

    /// One that drains already is waited for, one that is disabled already is not.
    private boolean isOver(Changed changed) {
        return !changed.changed()
                && connection
                        .send(AdminRoutes.SERVERS_SHOW, id, null, ServerView.class)
                        .admission()
                        .equals("disabled");
    }

    private int await() throws InterruptedException {
        var screen = Screen.standard();
        String again = "`plimsoll servers drain %s --wait` watches it again".formatted(id);
        DrainWait.Outcome outcome;
        try (var instance = waiting.instance(connection, screen);
                var _ =
                        OnInterrupt.say(
                                "plimsoll: the drain of %s goes on; %s".formatted(id, again))) {
            outcome =
                    new DrainWait(instance, screen, waiting.interval())
                            .await(id, timeout, () -> false);
        }
        return switch (outcome) {
            case DrainWait.Outcome.Disabled _ -> {
                screen.line("server %s is disabled".formatted(id));
                yield 0;
            }
            case DrainWait.Outcome.Changed(String admission) ->
                    failed("somebody made server %s %s meanwhile".formatted(id, admission));
            case DrainWait.Outcome.Removed _ ->
                    failed("somebody took server %s out of the pool meanwhile".formatted(id));
            case DrainWait.Outcome.TimedOut(String left) ->
                    failed("server %s still drains: %s; %s".formatted(id, left, again));
            case DrainWait.Outcome.CalledOff _ -> failed("called off");
        };
    }

    private static int failed(String words) {
        System.err.println("plimsoll: " + words);
        return 1;
    }
}
