// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.architecture.CompiledClass.Member;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Keeps APIs where docs/ARCHITECTURE.md puts them. Packages alone would not: they are flat, and libraries are open to all.
final class ApisInTheirPlaceTest {

    private static final Set<String> RANDOM_CLASSES =
            Set.of("java.security.SecureRandom", "java.util.concurrent.ThreadLocalRandom");
    private static final Set<String> ENVIRONMENT_METHODS =
            Set.of("getenv", "getProperty", "getProperties", "setProperty", "currentTimeMillis");

    @Test
    void sqlStaysInDbAndInStores() {
        expectNoneOutside(
                type -> type.feature().equals("db") || type.topLevelName().endsWith("Store"),
                classesIn(
                        "java.sql",
                        "javax.sql",
                        "org.jdbi",
                        "com.zaxxer",
                        "org.flywaydb",
                        "org.sqlite"),
                "SQL outside of db and of classes named *Store. Give the feature's store a method that says what is wanted");
    }

    @Test
    void callsToOtherMachinesStayInTheirClients() {
        expectNoneOutside(
                in("bbb", "callback", "adminapi", "simulator"),
                classesIn("java.net.http", "org.apache.hc")
                        .or(classes("java.net.HttpURLConnection", "java.net.URLConnection")),
                "outgoing HTTP outside of bbb, callback, adminapi and the simulator's callbacks. Ask their clients instead");
    }

    @Test
    void timeAndChanceAndEnvironmentAreParameters() {
        expectNoneMembersOutside(
                in("config", ""),
                ApisInTheirPlaceTest::readsTheWorld,
                "clock, chance or environment outside of config and the root package. Take an InstantSource, a"
                        + " RandomGenerator or a setting as a parameter and let Serve hand it in (System.nanoTime is"
                        + " fine for measuring)");
    }

    @Test
    void helidonStaysInHttp() {
        expectNoneOutside(
                in("http"),
                classesIn("io.helidon"),
                "Helidon outside of http. Use http's Request, Response and Handler");
    }

    @Test
    void nothingSleepsButTheSimulator() {
        expectNoneMembersOutside(
                in("simulator"),
                member ->
                        member.name().equals("sleep")
                                && Set.of("java.lang.Thread", "java.util.concurrent.TimeUnit")
                                        .contains(member.owner()),
                "a sleep cannot be moved by a test's clock, nor woken at the end. Wait on a latch or a condition, with a"
                        + " deadline");
    }

    @Test
    void oldTimeClassesAreGone() {
        expectNoneOutside(
                type -> false,
                classes(
                        "java.util.Date",
                        "java.util.Calendar",
                        "java.util.GregorianCalendar",
                        "java.text.DateFormat",
                        "java.text.SimpleDateFormat",
                        "java.util.Timer"),
                "classes that java.time replaced. Use Instant, Duration and DateTimeFormatter");
    }

    private static boolean readsTheWorld(Member member) {
        String owner = member.owner();
        String name = member.name();
        boolean withoutArguments = member.descriptor().startsWith("()");
        return switch (owner) {
            case "java.lang.System" -> ENVIRONMENT_METHODS.contains(name);
            case "java.lang.Math", "java.lang.StrictMath" -> name.equals("random");
            case "java.util.UUID" -> name.equals("randomUUID");
            case "java.time.Clock", "java.time.InstantSource" ->
                    name.startsWith("system") || name.startsWith("tick");
            // A seed makes it a pure function again, so only the seedless ones count.
            case "java.util.Random", "java.util.SplittableRandom" ->
                    name.equals("<init>") && withoutArguments;
            case "java.util.random.RandomGenerator" ->
                    name.equals("of") || name.equals("getDefault");
            // now(clock) takes the time as a parameter; now() and now(zone) do not.
            default ->
                    RANDOM_CLASSES.contains(owner)
                            || (owner.startsWith("java.time.")
                                    && name.equals("now")
                                    && !member.descriptor().contains("Clock;"));
        };
    }

    private static Predicate<CompiledClass> in(String... features) {
        return type -> List.of(features).contains(type.feature());
    }

    private static Predicate<String> classesIn(String... packages) {
        return name -> List.of(packages).stream().anyMatch(prefix -> name.startsWith(prefix + "."));
    }

    private static Predicate<String> classes(String... names) {
        return List.of(names)::contains;
    }

    private static void expectNoneOutside(
            Predicate<CompiledClass> place, Predicate<String> api, String rule) {
        var violations = new TreeSet<String>();
        for (CompiledClass type : CompiledClass.all()) {
            if (!place.test(type)) {
                type.classes().stream()
                        .filter(api)
                        .forEach(used -> violations.add(type.name() + " uses " + used));
            }
        }
        assertThat(violations).as(rule).isEmpty();
    }

    private static void expectNoneMembersOutside(
            Predicate<CompiledClass> place, Predicate<Member> api, String rule) {
        var violations = new TreeSet<String>();
        for (CompiledClass type : CompiledClass.all()) {
            if (!place.test(type)) {
                type.members().stream()
                        .filter(api)
                        .forEach(used -> violations.add(type.name() + " uses " + used));
            }
        }
        assertThat(violations).as(rule).isEmpty();
    }
}
