"""The verbs by occasion, as `python -m kpireport --help` and `make help` list them, each with an example."""

GROUPS = {
    "Every quarter": {
        "quarter": "--quarter 2 --year 2024-25 --open",
        "scrutiny": "--quarter 2 --set board=EHC",
        "executive": "--quarter 2",
        "partnership": "--quarter 2 --set board=inner_east --out ../boards",
        "all": "--quarter 2 --forms html",
        "checklist": "--quarter 2",
    },
    "Collecting": {
        "requests": "--quarter 3 --year 2024-25",
        "collect": "--quarter 2 --received 2024-10-24",
        "chase": "--quarter 2 --on 2024-10-28",
        "approve": '--quarter 2 --directorate CF --by "Director of Children and Families"',
        "changes": "--data ../riverside",
    },
    "Other reports": {
        "annual": "--year 2023-24",
        "bca": "--year 2023-24",
        "survey": "--year 2024",
        "assurance": "--year 2023-24",
        "timetable": "--year 2024-25 --set next_from=2024-11-15",
        "year": "--year 2023-24 --by 2024-02-29",
    },
    "Assurance": {
        "verify": "--period 2024-25-q2",
        "trace": "--kpi CHE-14 --period 2024-25-q2 --open",
        "bundle": "--period 2024-25-q2 --to ../for-audit",
        "since": "--period 2023-24-q4",
        "sign": "--period 2024-25-q2 --key ~/.ssh/id_ed25519",
        "signed": "--bundle 2024-25-q2.zip --signers signers.txt",
        "crate": "--period 2024-25-q2",
        "sbom": "--out ../for-audit",
    },
    "The analyst's desk": {
        "sample": "--kpis 1000 --years 6 --out ../big",
        "docs": "--open",
    },
}
"""What each verb may be asked, by the occasion on which it is."""
EXAMPLES = {verb: example for verbs in GROUPS.values() for verb, example in verbs.items()}
