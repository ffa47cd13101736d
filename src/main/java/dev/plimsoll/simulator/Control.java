// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// What tests and operators may do to a simulated server behind its API. Thread-safe.
///
/// A meeting is named as in the API: by its own id, its internal id, or a prefix of that. Where no meeting
/// has the name, nothing happens and the answer is empty.
public final class Control {

    private final Meetings meetings;
    private final Chance chance;
    private final EndCallbacks callbacks;
    private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();
    private int peopleMade;

    Control(Meetings meetings, Chance chance, EndCallbacks callbacks) {
        this.meetings = meetings;
        this.chance = chance;
        this.callbacks = callbacks;
    }

    /// All meetings, in no particular order.
    public List<MeetingSnapshot> meetings() {
        return meetings.exclusively(
                () -> meetings.all().stream().map(MeetingSnapshot::of).toList());
    }

    /// One meeting.
    public Optional<MeetingSnapshot> meeting(String meetingId) {
        return meetings.exclusively(() -> meetings.find(meetingId).map(MeetingSnapshot::of));
    }

    /// How often each call was made; `root` is the version document, `client` the client page.
    public Map<String, Long> calls() {
        return calls.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                e -> e.getValue().sum(),
                                Long::sum,
                                TreeMap::new));
    }

    /// How often one call was made.
    public long calls(String name) {
        var adder = calls.get(name);
        return adder == null ? 0 : adder.sum();
    }

    void count(String call) {
        calls.computeIfAbsent(call, _ -> new LongAdder()).increment();
    }

    /// Lets people enter, as if their clients had connected.
    ///
    /// @return their ids
    public List<String> connect(String meetingId, People people) {
        return meetings.exclusively(() ->
                meetings.find(meetingId).map(meeting -> enter(meeting, people)).orElse(List.of()));
    }

    private List<String> enter(Meeting meeting, People people) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < people.count(); i++) {
            peopleMade++;
            String id = (people.role() == Role.PHONE ? "v_" : "w_") + chance.token(12);
            String name =
                    people.role() == Role.PHONE
                            ? "+49 30 5550 " + peopleMade
                            : "Person " + peopleMade;
            var user =
                    new User(
                            new User.Person(id, id, name, people.role(), "ALLOW", Map.of()),
                            meetings.now());
            user.camera = people.camera();
            user.microphone = people.microphone();
            user.listening = people.listening();
            meeting.connect(user, meetings.now());
            ids.add(id);
        }
        return ids;
    }

    /// Lets everybody go. As with a closed browser, the server notices 10 to 20 s later.
    public void leave(String meetingId) {
        leave(meetingId, Integer.MAX_VALUE);
    }

    /// Lets some people go, those first who came first.
    public void leave(String meetingId, int count) {
        onMeeting(
                meetingId,
                meeting ->
                        meeting.users().stream()
                                .filter(user -> user.state == User.State.ONLINE)
                                .limit(count)
                                .forEach(user -> meeting.leave(user, meetings.now())));
    }

    /// Lets the guests in who wait in the lobby.
    public void admitGuests(String meetingId) {
        onMeeting(
                meetingId,
                meeting ->
                        meetings.waitingIn(meeting)
                                .forEach(user -> meeting.connect(user, meetings.now())));
    }

    /// Ends a meeting at once, as a moderator does: with callbacks.
    public void endMeeting(String meetingId) {
        onMeeting(meetingId, meetings::end);
    }

    private void onMeeting(String meetingId, Consumer<Meeting> action) {
        meetings.exclusively(() -> {
            meetings.find(meetingId).ifPresent(action);
            return true;
        });
    }

    /// Forgets all meetings without a word to anybody, as a crash and restart does.
    public void loseMeetings() {
        meetings.exclusively(() -> {
            meetings.lose();
            return true;
        });
    }

    /// Callbacks that wait for another attempt.
    public List<PendingCallback> callbacks() {
        return callbacks.pending();
    }
}
