// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Params;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What `getRecordings` is asked for. Pure.
///
/// @param prefixes beginnings of record ids; none means all
/// @param metadata values that must fit, with `%` at either end for "anything"
record RecordingQuery(
        List<String> prefixes,
        Set<Recording.State> states,
        Map<String, String> metadata,
        Optional<Page> page) {

    /// A part of the list.
    record Page(long offset, int limit) {}

    /// What was found.
    ///
    /// @param total how many there are on all pages, where paging was asked for
    record Found(List<Recording> recordings, long total) {}

    /// The directory of one format of one recording, which is what a server really looks at.
    private record Directory(Recording recording, PlaybackFormat format) {}

    private static final int LONGEST_PAGE = 100;

    static RecordingQuery of(Params params) {
        var ids = list(params.get("recordID", ""));
        // BBB: meeting ids do not count beside record ids
        var prefixes =
                ids.isEmpty()
                        ? list(params.get("meetingID", "")).stream().map(Meetings::sha1).toList()
                        : ids;
        return new RecordingQuery(
                prefixes,
                states(list(params.get("state", ""))),
                MeetingPlan.metadata(params),
                page(params));
    }

    static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .toList();
    }

    private static Set<Recording.State> states(List<String> words) {
        if (words.isEmpty()) {
            return EnumSet.of(Recording.State.PUBLISHED, Recording.State.UNPUBLISHED);
        }
        return words.contains("any")
                ? EnumSet.allOf(Recording.State.class)
                : words.stream()
                        .flatMap(word -> Recording.State.named(word).stream())
                        .collect(Collectors.toUnmodifiableSet());
    }

    // BBB: a limit that is no number is none, and without a limit the offset does not count
    private static Optional<Page> page(Params params) {
        return number(params.get("limit", ""))
                .map(limit ->
                        new Page(
                                Math.max(0, number(params.get("offset", "")).orElse(0L)),
                                Math.clamp(limit, 1, LONGEST_PAGE)));
    }

    private static Optional<Long> number(String text) {
        return text.strip().matches("[+-]?\\d{1,9}")
                ? Optional.of(Long.parseLong(text.strip()))
                : Optional.empty();
    }

    /// Looks through the recordings as a server with that way of paging does.
    Found in(Collection<Recording> all, Paging paging) {
        var directories = new ArrayList<Directory>();
        for (String prefix : prefixes.isEmpty() ? List.of("") : prefixes) {
            all.stream()
                    .filter(recording -> recording.recordId().startsWith(prefix) && fits(recording))
                    .flatMap(recording ->
                            recording.formats().stream()
                                    .map(format -> new Directory(recording, format)))
                    .forEach(directories::add);
        }
        return switch (paging) {
            case NONE -> whole(merged(directories));
            // BBB: counts directories, and lists one twice that two prefixes find
            case DIRECTORIES ->
                    page.map(part -> cutDirectories(directories, part))
                            .orElseGet(() -> whole(merged(directories)));
            case RECORDINGS -> {
                var recordings = merged(directories.stream().distinct().toList());
                yield page.map(part -> new Found(cut(recordings, part), recordings.size()))
                        .orElseGet(() -> whole(recordings));
            }
        };
    }

    private static Found whole(List<Recording> recordings) {
        return new Found(recordings, recordings.size());
    }

    private static Found cutDirectories(List<Directory> directories, Page part) {
        var byFormat = new ArrayList<>(directories);
        byFormat.sort(Comparator.comparing(directory -> directory.format().type()));
        return new Found(merged(cut(byFormat, part)), directories.size());
    }

    private static <T> List<T> cut(List<T> all, Page part) {
        return all.stream().skip(part.offset()).limit(part.limit()).toList();
    }

    /// The recordings that these directories make up, in the order of a hash map.
    private static List<Recording> merged(List<Directory> directories) {
        var formats =
                directories.stream()
                        .collect(
                                Collectors.groupingBy(
                                        directory -> directory.recording().recordId(),
                                        HashMap::new,
                                        Collectors.mapping(
                                                Function.identity(), Collectors.toList())));
        return formats.values().stream()
                .map(some ->
                        some.getFirst()
                                .recording()
                                .withFormats(some.stream().map(Directory::format).toList()))
                .toList();
    }

    private boolean fits(Recording recording) {
        var values = recording.allMetadata();
        return states.contains(recording.state())
                && metadata.entrySet().stream()
                        .allMatch(filter -> {
                            String value = values.get(filter.getKey());
                            return value != null && matches(value, filter.getValue());
                        });
    }

    private static boolean matches(String value, String filter) {
        boolean openStart = filter.startsWith("%");
        boolean openEnd = filter.endsWith("%");
        if (filter.equals("%")) {
            return true;
        }
        if (openStart && openEnd) {
            return value.contains(filter.substring(1, filter.length() - 1));
        }
        if (openStart) {
            return value.endsWith(filter.substring(1));
        }
        return openEnd
                ? value.startsWith(filter.substring(0, filter.length() - 1))
                : value.equals(filter);
    }
}
