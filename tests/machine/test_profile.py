"""Where the time goes is noted only where somebody asks."""

from audit.machine import profile


def test_parts_are_noted_within_a_profile_alone() -> None:
    with profile.part("stage", "before"):
        pass
    with profile.profiled() as noted:
        with profile.part("stage", "read"), profile.part("rule", "TIM001"):
            sum(range(200_000))
        with profile.part("rule", "CLM001"):
            sum(range(2_000_000))
    assert [part.name for part in noted.of("stage")] == ["read"]
    assert [part.name for part in noted.of("rule")] == ["CLM001", "TIM001"]
    assert noted.of("output") == []
    told = list(profile.told(noted))
    assert told[0].split() == ["Stages", "CPU", "s", "clock", "s", "share"]
    assert any(line.split()[:1] == ["TIM001"] for line in told)
    assert told[-1].startswith("Most memory resident: ")


def test_a_part_that_fails_is_not_noted() -> None:
    with profile.profiled() as noted:
        try:
            with profile.part("stage", "read"):
                raise ValueError
        except ValueError:
            pass
    assert noted.parts == []
