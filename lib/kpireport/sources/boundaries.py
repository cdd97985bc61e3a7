"""Check that the look-up of old areas to new ones shares out each old area whole."""

from kpireport.sources.tables import Findings, Tables

TOLERANCE = 1e-6
REMEDY = "Give each part the share of the old area's people who live in it."


def check(tables: Tables) -> Findings:
    """Yield a fault for each weight that is no share, and for each old area whose shares do not make up the whole of it."""
    table = tables["area_lookup"]
    rows = table.sound
    if rows.empty or not table.is_whole:
        return
    is_share = rows["weight"].between(0, 1, inclusive="right")
    outside = ("weight " + rows["weight"].map("{:g}".format))[~is_share]
    yield from table.faults("weight", outside, "a share above 0, up to 1", REMEDY)
    sums = rows.groupby("old_area", sort=False)["weight"].transform("sum")
    is_whole = (sums - 1).abs() <= TOLERANCE
    all_shares = is_share.groupby(rows["old_area"]).transform("all")
    found = ("weights of " + rows["old_area"] + " that sum to " + sums.map("{:g}".format))[
        ~is_whole & all_shares & ~rows["old_area"].duplicated()
    ]
    yield from table.faults("weight", found, "weights that sum to 1", REMEDY)
