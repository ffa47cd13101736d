// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.callback.RegistrationPlan.Whereabouts;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

final class RegistrationPlanTest {

    private static final Registration ALL = Registration.global(EventKind.MAPPED);
    private static final Registration ALL_RAW = Registration.global(EventKind.RAW);
    private static final Registration ROOM = new Registration(EventKind.MAPPED, "room");
    private static final Hook GLOBAL = Wishes.hook(Wishes.global("http://lms.example"));
    private static final Hook SINGLE = Wishes.hook(Wishes.of("room"));

    private static RegistrationPlan plan(
            List<Hook> hooks, Whereabouts where, Registration... present) {
        return RegistrationPlan.of(hooks, _ -> where, Set.of(), Set.of(present));
    }

    @Test
    void withoutHooksNothingIsThere() {
        assertThat(plan(List.of(), Whereabouts.HERE).isEmpty()).isTrue();
        assertThat(plan(List.of(), Whereabouts.HERE, ALL, ROOM).destroy())
                .containsExactlyInAnyOrder(ALL, ROOM);
    }

    @Test
    void oneGlobalRegistrationServesAllHooksOfAKind() {
        var other = Wishes.hook(Wishes.global("http://other.example"));
        var raw = Wishes.hook(Wishes.raw(Wishes.global("http://raw.example")));
        assertThat(plan(List.of(GLOBAL, other), Whereabouts.NOWHERE).create()).containsExactly(ALL);
        assertThat(plan(List.of(GLOBAL, raw), Whereabouts.NOWHERE, ALL).create())
                .containsExactly(ALL_RAW);
        assertThat(plan(List.of(GLOBAL, raw), Whereabouts.NOWHERE, ALL, ALL_RAW).isEmpty())
                .isTrue();
    }

    @Test
    void aMeetingsHookStandsWhereItRuns() {
        var hooks = List.of(SINGLE);
        assertThat(plan(hooks, Whereabouts.HERE).create()).containsExactly(ROOM);
        assertThat(plan(hooks, Whereabouts.HERE, ROOM).isEmpty()).isTrue();
        assertThat(plan(hooks, Whereabouts.ELSEWHERE).isEmpty()).isTrue();
        assertThat(plan(hooks, Whereabouts.ELSEWHERE, ROOM).destroy()).containsExactly(ROOM);
    }

    @Test
    void itStaysForItsServersLastWordsButDoesNotComeThen() {
        assertThat(plan(List.of(SINGLE), Whereabouts.NOWHERE, ROOM).isEmpty()).isTrue();
        assertThat(plan(List.of(SINGLE), Whereabouts.NOWHERE).isEmpty()).isTrue();
    }

    @Test
    void whileAMeetingIsAwaitedAnyServerMayTellOfIt() {
        var awaited = Set.of(EventKind.MAPPED);
        for (var where : Whereabouts.values()) {
            var plan = RegistrationPlan.of(List.of(SINGLE), _ -> where, awaited, Set.of());
            assertThat(plan.create()).contains(ALL);
            assertThat(plan.create().contains(ROOM)).isEqualTo(where == Whereabouts.HERE);
        }
        var both = Set.of(ALL, ROOM);
        assertThat(
                        RegistrationPlan.of(List.of(SINGLE), _ -> Whereabouts.HERE, awaited, both)
                                .isEmpty())
                .isTrue();
        assertThat(plan(List.of(SINGLE), Whereabouts.HERE, ALL, ROOM).destroy())
                .containsExactly(ALL);
    }

    @Test
    void aGlobalOneOfTheSameKindMakesItSuperfluous() {
        var plan = plan(List.of(SINGLE, GLOBAL), Whereabouts.HERE, ROOM);
        assertThat(plan.create()).containsExactly(ALL);
        assertThat(plan.destroy()).containsExactly(ROOM);
        var raw = Wishes.hook(Wishes.raw(Wishes.global("http://raw.example")));
        assertThat(plan(List.of(SINGLE, raw), Whereabouts.HERE, ROOM).create())
                .containsExactly(ALL_RAW);
    }
}
