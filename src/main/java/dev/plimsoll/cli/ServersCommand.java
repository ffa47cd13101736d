// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.CapsView;
import dev.plimsoll.adminapi.Changed;
import dev.plimsoll.adminapi.ServerView;
import dev.plimsoll.adminapi.ServerWish;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `plimsoll servers`; without a subcommand, lists them.
@Command(
        name = "servers",
        description = "The servers of the pool; without a subcommand, lists them.",
        footer = {
            "",
            "Example: plimsoll servers add https://bbb1.example.org --secret-stdin --enable"
        })
final class ServersCommand extends OperatorCommand {

    @Mixin private final Output output = new Output();

    private ServersCommand(Map<String, String> environment) {
        super(environment);
    }

    static CommandLine commandLine(Map<String, String> environment) {
        var servers = new CommandLine(new ServersCommand(environment));
        servers.addSubcommand("list", list(environment));
        servers.addSubcommand("add", new Add(environment));
        Details.addTo(servers, "show", AdminRoutes.SERVERS_SHOW, environment);
        servers.addSubcommand("set", new Change(environment));
        ActCommand.addTo(servers, "enable", AdminRoutes.SERVERS_ENABLE, environment);
        ActCommand.addTo(servers, "cordon", AdminRoutes.SERVERS_CORDON, environment);
        servers.addSubcommand("drain", new DrainCommand(environment));
        ActCommand.addTo(servers, "disable", AdminRoutes.SERVERS_DISABLE, environment);
        servers.addSubcommand("evacuate", new EvacuateCommand(environment));
        servers.addSubcommand("panic", new PanicCommand(environment));
        servers.addSubcommand("remove", new RemoveCommand(environment));
        servers.addSubcommand("roll", new RollCommand(environment));
        Details.addTo(servers, "poll", AdminRoutes.SERVERS_POLL, environment);
        servers.addSubcommand("sync", new SyncCommand(environment));
        return servers;
    }

    private static CommandLine list(Map<String, String> environment) {
        var list = new CommandLine(new ServersCommand(environment)).setCommandName("list");
        list.getCommandSpec()
                .usageMessage()
                .description("Lists the servers.")
                .footer("", "Example: plimsoll servers list --csv");
        return list;
    }

    @Override
    public Integer call() {
        var servers =
                List.of(connection.send(AdminRoutes.SERVERS_LIST, "", null, ServerView[].class));
        output.print(servers, StatusCommand.table(servers));
        return 0;
    }

    @Command(
            description = "Adds a server; it takes new meetings once it is enabled.",
            footer = {
                "",
                "Example: plimsoll servers add https://bbb1.example.org --secret-file s.txt --tag big --enable"
            })
    private static final class Add extends OperatorCommand {
        @Parameters(paramLabel = "URL", description = "The server's address.")
        private String url = "";

        @Mixin private final ServerOptions options = new ServerOptions();

        @Option(
                names = "--id",
                paramLabel = "ID",
                description = "Its name here; else its host name.")
        private @Nullable String id;

        @Option(names = "--enable", description = "Let it take new meetings at once.")
        private boolean enable;

        Add(Map<String, String> environment) {
            super(environment);
        }

        @Override
        public Integer call() {
            String read =
                    options.secret()
                            .read()
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "give the secret: --secret-stdin or --secret-file"));
            var wish = options.wish(id, url, read, enable);
            var server = connection.send(AdminRoutes.SERVERS_ADD, "", wish, ServerView.class);
            System.out.printf("server %s is added and %s%n", server.id(), server.admission());
            return 0;
        }
    }

    @Command(
            description = "Changes address, secret, weight, tags, checksum or limits of a server.",
            footer = {
                "",
                "Example: plimsoll servers set bbb1.example.org --weight 2 --max-users 300"
            })
    private static final class Change extends OperatorCommand {
        @Parameters(paramLabel = "ID", description = "Which server.")
        private String id = "";

        @Mixin private final ServerOptions options = new ServerOptions();

        @Option(names = "--address", paramLabel = "URL", description = "Its new address.")
        private @Nullable String address;

        Change(Map<String, String> environment) {
            super(environment);
        }

        @Override
        public Integer call() {
            var wish = options.wish(null, address, options.secret().read().orElse(null), null);
            if (wish.equals(ServerWish.NONE)) {
                throw new IllegalArgumentException(
                        "nothing to change was given; `plimsoll servers set --help` names the options");
            }
            return Commands.report(
                    connection.send(AdminRoutes.SERVERS_SET, id, wish, Changed.class));
        }
    }

    /// `show` and `poll`: everything about one server.
    @Command
    private static final class Details extends OperatorCommand {
        private final AdminRoutes route;

        @Parameters(paramLabel = "ID", description = "Which server.")
        private String id = "";

        @Mixin private final Output output = new Output();

        private Details(AdminRoutes route, Map<String, String> environment) {
            super(environment);
            this.route = route;
        }

        static void addTo(
                CommandLine servers,
                String verb,
                AdminRoutes route,
                Map<String, String> environment) {
            var command = new CommandLine(new Details(route, environment));
            command.getCommandSpec()
                    .usageMessage()
                    .description(route.summary())
                    .footer("", "Example: plimsoll servers %s bbb1.example.org".formatted(verb));
            servers.addSubcommand(verb, command);
        }

        @Override
        public Integer call() {
            var server = connection.send(route, id, null, ServerView.class);
            output.print(server, details(server));
            return 0;
        }
    }

    private static String limits(CapsView caps) {
        var limits = new ArrayList<String>();
        limit(limits, caps.maxUsers(), caps.usersLeft(), "users");
        limit(limits, caps.maxMeetings(), caps.meetingsLeft(), "meetings");
        limit(limits, caps.maxPerMinute(), caps.perMinuteLeft(), "new meetings per minute");
        return String.join(", ", limits);
    }

    private static void limit(List<String> limits, int most, int left, String what) {
        if (most > 0) {
            limits.add("%d %s (%d left)".formatted(most, what, left));
        }
    }

    private static Table details(ServerView server) {
        return new Table("WHAT", "VALUE")
                .row("id", server.id())
                .row("address", server.url())
                .row("admission", server.admission())
                .row("health", server.health())
                .row("reason", server.reason())
                .row("load", "%s, of which reserved %s".formatted(server.load(), server.reserved()))
                .row("weight", server.weight())
                .row(
                        "meetings",
                        "%d, registered %d".formatted(server.meetings(), server.registered()))
                .row("users", "%d, largest meeting %d".formatted(server.users(), server.largest()))
                .row("streams", "%d audio, %d video".formatted(server.voices(), server.videos()))
                .row("limits", limits(server.caps()))
                .row("full", server.caps().full())
                .row("version", server.version())
                .row("tags", String.join(",", server.tags()))
                .row("checksum", server.checksum())
                .row("last poll", server.polledAt());
    }
}
