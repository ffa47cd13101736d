// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.ServerView;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `plimsoll servers roll`.
@Command(
        description = {
            "Maintenance of server after server: drain, run a command or wait for you, poll until healthy, enable.",
            "Stops at the first failure; the same command again goes on where it stopped. Only servers that are enabled"
                    + " take part.",
            "The command finds PLIMSOLL_SERVER_ID and PLIMSOLL_SERVER_URL in its environment, and should return when the"
                    + " server is up again."
        },
        footer = {
            "",
            "Example: plimsoll servers roll --tag big --parallel 2 --command 'ssh \"$PLIMSOLL_SERVER_ID\" upgrade-bbb'"
        })
final class RollCommand implements Callable<Integer> {

    @Mixin private final Connection connection;

    // Not the usual mixin: here, --version is something to wish for.
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "Which servers; or: all.")
    private List<String> ids = List.of();

    @Option(names = "--tag", paramLabel = "TAG", description = "All servers with this tag.")
    private String tag = "";

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "1",
            description = "So many at a time; ${DEFAULT-VALUE}.")
    private int parallel;

    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "So many enabled and healthy servers remain at any time; ${DEFAULT-VALUE}.")
    private int keep;

    @Option(
            names = "--command",
            paramLabel = "LINE",
            description =
                    "Run by sh for each server once it is disabled; without it, you are asked.")
    private @Nullable String command;

    @Option(
            names = "--version",
            paramLabel = "V",
            description = "BigBlueButton's version that each server must report afterwards.")
    private @Nullable String version;

    @Option(
            names = "--evacuate",
            description = "Move the meetings to other servers instead of waiting for their end.")
    private boolean evacuate;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "12h",
            converter = Waiting.Time.class,
            description = "How long a drain may take; ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ofHours(12);

    @Option(
            names = "--command-timeout",
            paramLabel = "TIME",
            defaultValue = "2h",
            converter = Waiting.Time.class,
            description = "How long the command may take; ${DEFAULT-VALUE}.")
    private Duration commandTimeout = Duration.ofHours(2);

    @Option(
            names = "--health-timeout",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = Waiting.Time.class,
            description = "How long a server may take to be healthy afterwards; ${DEFAULT-VALUE}.")
    private Duration healthTimeout = Duration.ofMinutes(10);

    @Option(
            names = "--state",
            paramLabel = "FILE",
            defaultValue = "plimsoll-roll.json",
            description = "Where it is kept how far the roll has come; ${DEFAULT-VALUE}.")
    private Path file = Path.of("plimsoll-roll.json");

    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    @Mixin private final Waiting waiting = new Waiting();

    RollCommand(Map<String, String> environment) {
        connection = new Connection(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (parallel < 1 || parallel > 100 || keep < 0) {
            throw new IllegalArgumentException("--parallel is 1 to 100, --keep is 0 or more");
        }
        var choice = RollChoice.of(ids, tag);
        if (dryRun) {
            return go(choice); // changes nothing, so it may look on while another rolls
        }
        try (var _ = RollLock.take(file)) {
            return go(choice);
        }
    }

    private int go(RollChoice choice) throws InterruptedException {
        var screen = Screen.standard();
        try (var instance = waiting.instance(connection, screen)) {
            var pool =
                    List.of(instance.send(AdminRoutes.SERVERS_LIST, "", null, ServerView[].class));
            var state = state(choice, pool, screen);
            if (state.entries().isEmpty()) {
                screen.line("nothing to do: none of these servers is enabled");
                return Commands.NOTHING_TO_CHANGE;
            }
            requireEnough(state, pool);
            var work = work();
            var drain = drain(instance, screen);
            if (dryRun) {
                tell(state, drain, work, screen);
                return 0;
            }
            return run(instance, screen, state, drain, work);
        }
    }

    private RollDrain drain(Instance instance, Screen screen) {
        var patiently =
                new RollDrain.Patiently(
                        instance, new DrainWait(instance, screen, waiting.interval()));
        return evacuate
                ? new RollDrain.Moving(patiently, new Evacuation(instance, screen))
                : patiently;
    }

    private RollWork work() {
        return command == null
                ? new RollWork.Person(System.in)
                : new RollWork.Command(command, commandTimeout);
    }

    /// What was broken off, or all that are enabled.
    private RollState state(RollChoice choice, List<ServerView> pool, Screen screen) {
        var kept = RollState.read(file, choice);
        if (kept.isPresent()) {
            screen.line("going on with the roll that %s tells of".formatted(file));
            return kept.get();
        }
        var meant = choice.of(pool);
        var part = new ArrayList<ServerView>();
        for (ServerView server : meant) {
            if (server.admission().equals("enabled")) {
                part.add(server);
            } else {
                screen.line(
                        "%s: is %s and left out; what was not enabled before is not enabled by a roll"
                                .formatted(server.id(), server.admission()));
            }
        }
        return RollState.begin(file, choice, part);
    }

    /// That too few would remain is said before anything is done.
    private void requireEnough(RollState state, List<ServerView> pool) {
        for (String id : state.with(entry -> entry.step() == RollState.Step.WAITING)) {
            long others = Roll.others(pool, id);
            boolean begun = state.entries().stream().anyMatch(RollState.Entry::isBegun);
            if (others < keep && !begun) {
                throw new IllegalArgumentException(
                        "without %s only %d enabled and healthy servers would remain; --keep %d allows that"
                                .formatted(id, others, others));
            }
        }
    }

    private void tell(RollState state, RollDrain drain, RollWork work, Screen screen) {
        for (RollState.Entry entry : state.entries()) {
            screen.line(
                    entry.isOver()
                            ? "%s: is done already".formatted(entry.id())
                            : "%s: would %s, %s, poll until healthy%s, enable"
                                    .formatted(
                                            entry.id(),
                                            drain.words(),
                                            work.words(),
                                            version == null ? "" : " with version " + version));
        }
        screen.line(
                "%d at a time; at least %d enabled and healthy remain".formatted(parallel, keep));
    }

    private int run(
            Instance instance, Screen screen, RollState state, RollDrain drain, RollWork work)
            throws InterruptedException {
        var plan = new Roll.Plan(parallel, keep, work, timeout, healthTimeout, waiting.interval());
        var health =
                new HealthWait(
                        instance,
                        screen,
                        waiting.interval(),
                        healthTimeout,
                        Optional.ofNullable(version));
        List<String> failures;
        try (var _ =
                OnInterrupt.say(
                        "plimsoll: the roll is broken off; what was under way stays as it is. The same command goes on.")) {
            failures = new Roll(instance, screen, plan, state, drain, health).run();
        }
        if (failures.isEmpty() && !Files.exists(file)) {
            screen.line("the roll is done: " + summary(state));
            return 0;
        }
        explain(state, failures);
        return 1;
    }

    private static String summary(RollState state) {
        int done = state.with(entry -> entry.step() == RollState.Step.DONE).size();
        var skipped = state.with(entry -> entry.step() == RollState.Step.SKIPPED);
        return DrainWait.count(done, "server")
                + (skipped.isEmpty() ? "" : ", left out: " + String.join(", ", skipped));
    }

    private void explain(RollState state, List<String> failures) {
        System.err.println("plimsoll: the roll stopped");
        failures.forEach(failure -> System.err.println("  " + failure));
        tell("done", state.with(RollState.Entry::isOver));
        tell("not begun", state.with(entry -> entry.step() == RollState.Step.WAITING));
        var open = state.with(RollState.Entry::isBegun);
        tell("still out of service", open);
        System.err.println(
                "Put it right and give the same command again: it goes on where it stopped (%s)."
                        .formatted(file));
        if (!open.isEmpty()) {
            System.err.println(
                    "To leave the roll: plimsoll servers enable %s, and delete that file."
                            .formatted(open.getFirst()));
        }
    }

    private static void tell(String what, List<String> ids) {
        if (!ids.isEmpty()) {
            System.err.println("  %s: %s".formatted(what, String.join(", ", ids)));
        }
    }
}
