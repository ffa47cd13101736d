// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.ServerView;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// How far a roll has come: in memory, and after each step in a file, so that the same command goes on after a failure
/// or a Ctrl-C. Thread-safe.
final class RollState {

    /// Where a server stands.
    enum Step {
        /// Not begun.
        WAITING,
        DRAIN,
        COMMAND,
        CHECK,
        DONE,
        /// A person said so; it stays as it is.
        SKIPPED
    }

    /// One server.
    ///
    /// @param version that it had before
    record Entry(String id, Step step, String version) {

        boolean isBegun() {
            return step != Step.WAITING && !isOver();
        }

        boolean isOver() {
            return step == Step.DONE || step == Step.SKIPPED;
        }
    }

    /// What the file holds.
    record Kept(String servers, List<Entry> entries) {}

    private final Path file;
    private final String choice;
    private final List<Entry> entries;

    private RollState(Path file, String choice, List<Entry> entries) {
        this.file = file;
        this.choice = choice;
        this.entries = new ArrayList<>(entries);
    }

    /// What is new; nothing is written yet.
    static RollState begin(Path file, RollChoice choice, List<ServerView> servers) {
        return new RollState(
                file,
                choice.text(),
                servers.stream()
                        .map(server -> new Entry(server.id(), Step.WAITING, server.version()))
                        .toList());
    }

    /// What was broken off, if so.
    static Optional<RollState> read(Path file, RollChoice choice) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            var kept = JsonMapper.shared().readValue(Files.readString(file), Kept.class);
            if (kept == null || kept.servers() == null || kept.entries() == null) {
                throw new IllegalArgumentException(file + " does not hold the state of a roll");
            }
            if (!kept.servers().equals(choice.text())) {
                throw new IllegalArgumentException(
                        "%s is of a roll over %s; finish it with these servers, delete the file, or name another by --state"
                                .formatted(file, kept.servers()));
            }
            return Optional.of(new RollState(file, choice.text(), kept.entries()));
        } catch (IOException | JacksonException e) {
            throw new IllegalArgumentException("cannot read the state of a roll from " + file, e);
        }
    }

    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /// Whose turn is next: first those that were begun and broken off, since they take no meetings.
    synchronized Optional<Entry> next(Set<String> underWay) {
        return first(entry -> entry.isBegun() && !underWay.contains(entry.id()))
                .or(() -> first(entry -> entry.step() == Step.WAITING));
    }

    private Optional<Entry> first(Predicate<Entry> which) {
        return entries.stream().filter(which).findFirst();
    }

    synchronized List<String> with(Predicate<Entry> which) {
        return entries.stream().filter(which).map(Entry::id).toList();
    }

    /// Notes where the server stands, and keeps it.
    synchronized void set(Entry entry, Step step) {
        entries.replaceAll(one ->
                one.id().equals(entry.id()) ? new Entry(one.id(), step, one.version()) : one);
        write();
    }

    /// Keeps the state, or deletes the file when all is done.
    synchronized void finish() {
        if (entries.stream().allMatch(Entry::isOver)) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot delete " + file, e);
            }
        }
    }

    /// By way of a second file: a half-written state would be worse than an old one.
    private void write() {
        try {
            var whole = file.toAbsolutePath();
            var draft = whole.resolveSibling(whole.getFileName() + ".new");
            Files.writeString(
                    draft,
                    JsonMapper.shared().writeValueAsString(new Kept(choice, entries)) + "\n");
            Files.move(
                    draft,
                    whole,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the state of the roll to " + file, e);
        }
    }
}
