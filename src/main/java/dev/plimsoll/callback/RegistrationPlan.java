// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;

/// What must change on one server so that we hear of what our hooks want. Made by a pure function.
record RegistrationPlan(Set<Registration> create, Set<Registration> destroy) {

    /// Where a meeting runs, seen from one server.
    enum Whereabouts {
        HERE,
        ELSEWHERE,
        /// Not begun, or over: a server may still have something to tell of it.
        NOWHERE
    }

    boolean isEmpty() {
        return create.isEmpty() && destroy.isEmpty();
    }

    /// Compares what should be with what is there.
    ///
    /// A global registration of a kind makes those for single meetings superfluous. Those stand only where the
    /// meeting runs, and stay there after its end, since a server tells of the end last. While a hook awaits its
    /// meeting, a global registration stands beside them: any server may be the one that tells of the beginning, and
    /// what it tells by both counts once.
    ///
    /// @param hooks all that still hear of events
    /// @param meeting where a meeting runs, by the id that servers know
    /// @param awaited the kinds of the hooks that await their meeting
    /// @param present our registrations on the server
    static RegistrationPlan of(
            Collection<Hook> hooks,
            Function<String, Whereabouts> meeting,
            Set<EventKind> awaited,
            Set<Registration> present) {
        var global = EnumSet.noneOf(EventKind.class);
        var single = new LinkedHashSet<Registration>();
        for (Hook hook : hooks) {
            hook.wish()
                    .scopedMeetingId()
                    .ifPresentOrElse(
                            id -> single.add(new Registration(hook.wish().kind(), id)),
                            () -> global.add(hook.wish().kind()));
        }
        var create = new LinkedHashSet<Registration>();
        var keep = new LinkedHashSet<Registration>();
        for (EventKind kind : global) {
            create.add(Registration.global(kind));
        }
        for (Registration registration : single) {
            if (!global.contains(registration.kind())) {
                switch (meeting.apply(registration.meetingId())) {
                    case HERE -> create.add(registration);
                    case NOWHERE -> keep.add(registration);
                    case ELSEWHERE -> {}
                }
            }
        }
        awaited.forEach(kind -> create.add(Registration.global(kind)));
        keep.addAll(create);
        create.removeAll(present);
        var destroy = new LinkedHashSet<>(present);
        destroy.removeAll(keep);
        return new RegistrationPlan(create, destroy);
    }
}
