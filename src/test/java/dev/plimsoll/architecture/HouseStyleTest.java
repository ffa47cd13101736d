// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a reader may count on in every file and package, and what a formatter cannot see to.
final class HouseStyleTest {

    private static final Path MAIN = Path.of("src/main/java");
    private static final Path TEST = Path.of("src/test/java");

    private static final String LICENCE = "// SPDX-License-Identifier: Apache-2.0";
    private static final Set<String> NAMES_THAT_SAY_NOTHING =
            Set.of(
                    "util", "utils", "common", "core", "model", "service", "impl", "dto", "helper",
                    "helpers", "misc");
    private static final int LONGEST_PACKAGE_DOC = 400;
    private static final Pattern SENTENCE = Pattern.compile("[.:?!](\\s|$)");
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile(
                    "public ((abstract|final|sealed|non-sealed|strictfp) )*(class|interface|record|enum|@interface) .*");
    private static final Pattern TEST_METHOD = Pattern.compile("void (\\w+)\\(");

    @Test
    void everyFileBeginsWithItsLicence() throws IOException {
        var without = filesWhere(text -> !text.startsWith(LICENCE + "\n"), MAIN, TEST);
        assertThat(without).as("files whose first line is not '%s'", LICENCE).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        var problems = new TreeSet<String>();
        for (Path folder : packages()) {
            Path info = folder.resolve("package-info.java");
            if (!Files.exists(info)) {
                problems.add(folder + ": has no package-info.java");
                continue;
            }
            String text = Files.readString(info);
            String doc = docOf(text);
            long sentences =
                    SENTENCE.matcher(doc.replaceAll("[:?!](\\s|$)", " ")).results().count();
            if (sentences < 2 || sentences > 3) {
                problems.add(info + ": its doc has " + sentences + " sentences");
            }
            if (doc.length() > LONGEST_PACKAGE_DOC) {
                problems.add(info + ": its doc has " + doc.length() + " characters");
            }
            if (!Pattern.compile("Start reading at \\[\\w+]\\.$").matcher(doc).find()) {
                problems.add(info + ": its doc does not end in 'Start reading at [Class].'");
            }
            if (!text.contains("\n@NullMarked\n")) {
                problems.add(info + ": is not @NullMarked");
            }
        }
        assertThat(problems)
                .as(
                        "packages. Each has a package-info.java, @NullMarked, with at most three sentences and %d"
                                + " characters: what it is for, what it must not know, where to start reading",
                        LONGEST_PACKAGE_DOC)
                .isEmpty();
    }

    @Test
    void everyPublicTypeSaysWhatItIs() throws IOException {
        var without = filesWhere(HouseStyleTest::hasUndocumentedType, MAIN);
        assertThat(without)
                .as(
                        "files with a public type without a doc comment. Begin with what it is, in one line: /// Chooses …")
                .isEmpty();
    }

    @Test
    void noPackageHasANameThatSaysNothing() throws IOException {
        var vague =
                packages().stream()
                        .filter(folder ->
                                NAMES_THAT_SAY_NOTHING.contains(folder.getFileName().toString()))
                        .toList();
        assertThat(vague)
                .as("packages named for nothing. Use a word that an operator would say")
                .isEmpty();
    }

    @Test
    void namesOfTestsAreSentencesAboutBehaviour() throws IOException {
        var vague =
                filesWhere(
                        text ->
                                TEST_METHOD
                                        .matcher(text)
                                        .results()
                                        .map(method -> method.group(1))
                                        .anyMatch(name ->
                                                name.matches(
                                                        "(test|should)([A-Z_0-9].*)?|.*(Should|Test)([A-Z_].*)?")),
                        TEST);
        assertThat(vague)
                .as(
                        "files with methods that say 'test' or 'should'. Say what is so: aSecondCreateWaitsForTheFirst")
                .isEmpty();
    }

    private static boolean hasUndocumentedType(String text) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (PUBLIC_TYPE.matcher(lines.get(i)).matches()) {
                // Up over annotations, which may be several lines long, to the end of the comment
                // or of what stands before.
                int above = i - 1;
                while (above >= 0
                        && !lines.get(above).isBlank()
                        && !lines.get(above).startsWith("///")) {
                    above--;
                }
                if (above < 0 || lines.get(above).isBlank()) {
                    return true;
                }
            }
        }
        return false;
    }

    /// The text of a file's `///` lines, joined.
    private static String docOf(String text) {
        return text.lines()
                .filter(line -> line.startsWith("///"))
                .map(line -> line.substring(3).strip())
                .collect(Collectors.joining(" "));
    }

    /// The folders of src/main that hold Java files.
    private static Set<Path> packages() throws IOException {
        var folders = new TreeSet<Path>();
        for (Path file : javaFiles(MAIN)) {
            folders.add(file.getParent());
        }
        return folders;
    }

    private static Set<Path> filesWhere(Predicate<String> hasProblem, Path... roots)
            throws IOException {
        var found = new TreeSet<Path>();
        for (Path root : roots) {
            for (Path file : javaFiles(root)) {
                if (hasProblem.test(Files.readString(file))) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    private static List<Path> javaFiles(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
