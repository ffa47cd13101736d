// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What one class file of src/main refers to, taken from its constant pool: everything the class names is there, by way of
/// code, signatures, annotations or nested classes. Only constants that the compiler copied leave no trace.
///
/// @param name binary name, `dev.plimsoll.bbb.Params$Entry`
/// @param classes binary names of all classes it names
/// @param members methods and fields it touches
record CompiledClass(String name, Set<String> classes, Set<Member> members) {

    static final String ROOT = "dev.plimsoll";

    private static final Path CLASSES = Path.of("target/classes");

    /// A class name inside a descriptor or a generic signature: `Ljava/util/List<Ljava/lang/String;>;`.
    private static final Pattern IN_DESCRIPTOR = Pattern.compile("L((?:[\\w$]+/)+[\\w$]+)(?=[;<])");

    /// A method or field as a class refers to it.
    ///
    /// @param descriptor parameters and result as the JVM writes them, `()Ljava/time/Instant;`
    record Member(String owner, String name, String descriptor) {

        @Override
        public String toString() {
            return owner + "." + name;
        }
    }

    /// All classes of src/main, in order of name.
    static List<CompiledClass> all() {
        try (var files = Files.walk(CLASSES)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .map(CompiledClass::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CompiledClass read(Path file) {
        try {
            ClassModel model = ClassFile.of().parse(file);
            var classes = new TreeSet<String>();
            var members = new LinkedHashSet<Member>();
            for (PoolEntry entry : model.constantPool()) {
                switch (entry) {
                    // An array's entry is a descriptor; its Utf8 entry brings it in below.
                    case ClassEntry type when !type.asInternalName().startsWith("[") ->
                            classes.add(dotted(type.asInternalName()));
                    case MemberRefEntry member ->
                            members.add(
                                    new Member(
                                            dotted(member.owner().asInternalName()),
                                            member.name().stringValue(),
                                            member.type().stringValue()));
                    case Utf8Entry text -> addDescribed(text.stringValue(), classes);
                    default -> {}
                }
            }
            return new CompiledClass(dotted(model.thisClass().asInternalName()), classes, members);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addDescribed(String text, Set<String> classes) {
        var matcher = IN_DESCRIPTOR.matcher(text);
        while (matcher.find()) {
            classes.add(dotted(matcher.group(1)));
        }
    }

    private static String dotted(String internalName) {
        return internalName.replace('/', '.');
    }

    /// The package below ours: `bbb`; empty for the root package.
    String feature() {
        return featureOf(name);
    }

    /// The package below ours of any of our classes; empty for the root package.
    static String featureOf(String className) {
        String packageName = className.substring(0, className.lastIndexOf('.'));
        return packageName.equals(ROOT) ? "" : packageName.substring(ROOT.length() + 1);
    }

    /// The name of the file's class, without package and nested classes: `Params`.
    String topLevelName() {
        String simple = name.substring(name.lastIndexOf('.') + 1);
        int dollar = simple.indexOf('$');
        return dollar < 0 ? simple : simple.substring(0, dollar);
    }

    boolean isPackageInfo() {
        return name.endsWith(".package-info");
    }
}
