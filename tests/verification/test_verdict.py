from pathlib import Path

import pytest
from kpireport.errors import ExitCode
from kpireport.verification.comparison import Comparison, Difference, Tier
from kpireport.verification.integrity import Fault, FaultKind
from kpireport.verification.reperformance import Departure, Remade
from kpireport.verification.verdict import Verdict, decide

MADE = Remade(folder=Path("made"))
FAULT = Fault("inputs/data/register/results.csv", FaultKind.CHANGED)
PATCH = Departure("Python", "3.11.7", "3.11.9", is_material=False)
PLATFORM = Departure("the platform", "linux-x86_64", "darwin-arm64", is_material=True)


def differing(*tiers: Tier) -> Comparison:
    return Comparison(tuple(Difference(tier, "results.csv", "there", "1", "2") for tier in tiers), {})


NOTHING, BYTES, FIGURES = differing(), differing(Tier.BYTES), differing(Tier.FIGURES, Tier.BYTES)


@pytest.mark.parametrize(
    ("faults", "given", "expected"),
    [
        ([], {"remade": MADE, "comparison": NOTHING}, Verdict.REPRODUCED),
        ([], {"remade": MADE, "comparison": NOTHING, "departures": [PLATFORM]}, Verdict.REPRODUCED),
        ([], {"remade": MADE, "comparison": BYTES}, Verdict.FIGURES_MATCH),
        ([], {"remade": MADE, "comparison": BYTES, "departures": [PLATFORM]}, Verdict.FIGURES_MATCH),
        ([], {"remade": MADE, "comparison": FIGURES}, Verdict.DIFFERS),
        ([], {"remade": MADE, "comparison": FIGURES, "departures": [PATCH]}, Verdict.DIFFERS),
        ([], {"remade": MADE, "comparison": FIGURES, "departures": [PLATFORM]}, Verdict.INCONCLUSIVE),
        ([], {"unprepared": "no network"}, Verdict.INCONCLUSIVE),
        ([], {"remade": Remade(None, ExitCode.DATA, "2 faults")}, Verdict.DIFFERS),
        ([], {"remade": Remade(None, ExitCode.DATA, "2 faults"), "departures": [PLATFORM]}, Verdict.INCONCLUSIVE),
        ([], {"remade": Remade(None, ExitCode.DEAD_KERNEL, "no memory")}, Verdict.INCONCLUSIVE),
        ([], {}, Verdict.INCONCLUSIVE),
        ([FAULT], {}, Verdict.DIFFERS),
        ([FAULT], {"remade": MADE, "comparison": NOTHING}, Verdict.DIFFERS),
        ([FAULT], {"unprepared": "no network"}, Verdict.DIFFERS),
        ([FAULT], {"remade": MADE, "comparison": FIGURES, "departures": [PLATFORM]}, Verdict.DIFFERS),
    ],
)
def test_verdict_of_each_case(faults, given, expected):
    verdict, reasons = decide(faults, **given)
    assert verdict is expected
    assert bool(reasons) is (expected is not Verdict.REPRODUCED)
    if faults:
        assert "results.csv was changed" in reasons[0]
    if expected is Verdict.INCONCLUSIVE and given.get("departures"):
        assert any("the platform is darwin-arm64 here, and was linux-x86_64" in reason for reason in reasons)


@pytest.mark.parametrize("tier", [tier for tier in Tier if tier is not Tier.BYTES])
def test_anything_a_reader_sees_is_more_than_bytes(tier):
    assert decide([], remade=MADE, comparison=differing(tier))[0] is Verdict.DIFFERS


def test_each_verdict_has_an_exit_code_of_its_own_and_only_one_is_success():
    codes = [verdict.exit_code for verdict in Verdict]
    assert codes == [ExitCode.DONE, ExitCode.FIGURES_MATCH, ExitCode.DIFFERS, ExitCode.INCONCLUSIVE]
    assert len({*codes, ExitCode.BUNDLE}) == 5
