// SPDX-License-Identifier: Apache-2.0
import com.google.googlejavaformat.java.Main;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs google-java-format over all our sources; the pom calls it. A program of its own, because the formatter
/// wants to be told every file.
///
/// `check` lists the files that are not formatted and fails; `apply` formats them in place.
void main(String[] args) throws Exception {
    boolean apply = args[0].equals("apply");
    // Doc comments and long texts are broken by hand, where the sense wants it.
    var arguments = new ArrayList<>(List.of("--aosp", "--skip-javadoc-formatting", "--skip-reflowing-long-strings"));
    arguments.addAll(apply ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    for (String root : List.of("src/main/java", "src/test/java")) {
        if (Files.isDirectory(Path.of(root))) {
            try (var files = Files.walk(Path.of(root))) {
                files.map(Path::toString).filter(name -> name.endsWith(".java")).sorted().forEach(arguments::add);
            }
        }
    }
    var out = new PrintWriter(System.out, true);
    var err = new PrintWriter(System.err, true);
    int code = new Main(out, err, System.in).format(arguments.toArray(String[]::new));
    out.flush();
    if (code != 0 && !apply) {
        System.err.println("The files above are not formatted (or do not parse): run make format");
    }
    System.exit(code);
}
