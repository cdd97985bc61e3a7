"""What services sent, what their directorates signed, and the words that a later return replaced."""

from kpireport.schemas.columns import KPI_REF, MOMENT, SHA256, day, table, text, whole, word
from kpireport.vocabulary import ReturnKind

RETURNS = table(
    "returns",
    "Returns, append-only: one row is one file from which results were taken in at one time.",
    {
        "quarter": text("Quarter for which it was returned.", required=True, format="quarter"),
        "file": text("The file under the data folder, as in `source_file` of results.", required=True),
        "sha256": text("SHA-256 of its bytes.", required=True, matches=SHA256),
        "kind": word(ReturnKind, "Our workbook, a workbook of another layout with its mapping, or CSV."),
        "sender": text("Directorate or service that sent it.", required=True),
        "received_at": text("When it was received (UTC), such as 2024-10-18T09:12:00Z.", required=True, matches=MOMENT),
        "rows_taken": whole("Rows that went into the record.", at_least=0, at_most=1_000_000),
        "rows_refused": whole("Rows that did not.", at_least=0, at_most=1_000_000),
    },
    unique=["sha256", "received_at"],
)
SIGN_OFFS = table(
    "sign_offs",
    "Approvals, append-only: one row is one directorate's approval of the results that one return gave.",
    {
        "quarter": text("Quarter of the return.", required=True, format="quarter"),
        "directorate": text("Directorate that approves its own results (directorates table).", required=True),
        "signed_by": text("Post that approved them.", required=True),
        "signed_on": day("Day of the approval.", required=True),
        "file": text("The return, as in the returns table.", required=True),
        "sha256": text("SHA-256 of its bytes.", required=True, matches=SHA256),
    },
    unique=["quarter", "directorate", "sha256"],
)
REPLACED = table(
    "replaced",
    "Words that a later return replaced, append-only: one row is one cell of the commentary table.",
    {
        "quarter": text("Quarter reported on.", required=True, format="quarter"),
        **KPI_REF,
        "column": text("Column in which the words stood, such as reason.", required=True),
        "words": text("The words as they were.", required=True),
        "replaced_at": text("When the later return was received (UTC).", required=True, matches=MOMENT),
        "replaced_by": text("The later return, as in the returns table.", required=True),
    },
    unique=["quarter", "kpi_id", "column", "replaced_at"],
)
