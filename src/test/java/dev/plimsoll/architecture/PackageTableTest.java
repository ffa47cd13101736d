// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.toCollection;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Holds the packages to the table of allowed dependencies in docs/ARCHITECTURE.md, both ways.
final class PackageTableTest {

    private static final Path MAP = Path.of("docs/ARCHITECTURE.md");
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (.*) \\|");
    private static final Pattern ENTRY = Pattern.compile("`(\\w+)`");

    private static final Map<String, Set<String>> allowed = new TreeMap<>();
    private static final List<CompiledClass> classes = CompiledClass.all();

    @BeforeAll
    static void readTable() throws IOException {
        boolean inTable = false;
        for (String line : Files.readAllLines(MAP)) {
            if (line.equals("| Package | May use |")) {
                inTable = true;
            } else if (!line.startsWith("|")) {
                inTable = false;
            } else if (inTable && !line.equals("|---|---|")) {
                var row = ROW.matcher(line);
                assertThat(row.matches()).as("a row of the table in %s: %s", MAP, line).isTrue();
                var entries = ENTRY.matcher(row.group(2)).results().map(entry -> entry.group(1));
                allowed.put(row.group(1), entries.collect(toCollection(TreeSet::new)));
            }
        }
        assertThat(allowed).as("the table headed '| Package | May use |' in %s", MAP).isNotEmpty();
    }

    @Test
    void aClassUsesOnlyPackagesThatTheTableAllows() {
        var violations = new TreeSet<String>();
        for (CompiledClass type : classes) {
            for (String used : ours(type)) {
                String feature = CompiledClass.featureOf(used);
                if (!type.feature().isEmpty()
                        && !feature.isEmpty()
                        && !feature.equals(type.feature())
                        && !allowed.getOrDefault(type.feature(), Set.of()).contains(feature)) {
                    violations.add("%s uses %s".formatted(type.name(), used));
                }
            }
        }
        assertThat(violations)
                .as(
                        "dependencies that the table in %s does not allow. Turn the dependency round (a listener"
                                + " interface here, a lambda in Serve), move the class, or, if the direction is"
                                + " right, add the entry to the table",
                        MAP)
                .isEmpty();
    }

    @Test
    void nothingUsesTheRootPackage() {
        var violations = new TreeSet<String>();
        for (CompiledClass type : classes) {
            for (String used : ours(type)) {
                if (!type.feature().isEmpty() && CompiledClass.featureOf(used).isEmpty()) {
                    violations.add("%s uses %s".formatted(type.name(), used));
                }
            }
        }
        assertThat(violations)
                .as(
                        "uses of the root package, which wires things together. Let Serve hand in what is needed")
                .isEmpty();
    }

    @Test
    void theTableAllowsNothingThatTheCodeDoesNotUse() {
        var written = new HashSet<String>();
        var used = new HashSet<String>();
        for (CompiledClass type : classes) {
            if (!type.isPackageInfo()) {
                written.add(type.feature());
                ours(type)
                        .forEach(name ->
                                used.add(type.feature() + " → " + CompiledClass.featureOf(name)));
            }
        }
        var unused = new TreeSet<String>();
        // A package that is only announced by its package-info may have its row already.
        allowed.forEach((feature, entries) -> {
            if (written.contains(feature)) {
                entries.forEach(entry -> unused.add(feature + " → " + entry));
            }
        });
        unused.removeAll(used);
        assertThat(unused)
                .as("entries of the table in %s that no code uses. Remove them", MAP)
                .isEmpty();
    }

    @Test
    void theTableHasARowForEachPackageAndNoOther() {
        var packages =
                classes.stream()
                        .map(CompiledClass::feature)
                        .filter(feature -> !feature.isEmpty())
                        .collect(toCollection(TreeSet::new));
        assertThat(allowed.keySet())
                .as(
                        "rows of the table in %s. Add the row of a new package, remove that of a gone one",
                        MAP)
                .containsExactlyInAnyOrderElementsOf(packages);
    }

    @Test
    void theTableHasNoCircle() {
        // Takes away packages all of whose entries are gone already; what cannot be taken away goes
        // in circles.
        var left = new TreeMap<String, Set<String>>(allowed);
        var done = new HashSet<String>();
        while (left.entrySet()
                .removeIf(row -> done.containsAll(row.getValue()) && done.add(row.getKey()))) {
            // again, until nothing changes
        }
        assertThat(left)
                .as(
                        "rows of the table in %s that lead round in a circle, or to a package without row",
                        MAP)
                .isEmpty();
    }

    private static List<String> ours(CompiledClass type) {
        var ours = new ArrayList<String>(type.classes());
        ours.removeIf(name -> !name.startsWith(CompiledClass.ROOT + "."));
        return ours;
    }
}
