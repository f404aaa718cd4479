"""A procedure as documentation: a Mermaid state diagram and a table of every way."""

from collections.abc import Callable

from .table import NEW, SAME, Procedure


def mermaid(procedure: Procedure) -> str:
    """The table as a Mermaid ``stateDiagram-v2`` (events that stay in place are left to the table)."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{state.label}" as {state.key}' for state in procedure.states]
    for move in procedure.transitions:
        for source in move.sources:
            if move.target not in {SAME, source}:
                lines.append(f"    {'[*]' if source == NEW else source} --> {move.target}: {move.label}")
    lines += [f"    {state.key} --> [*]" for state in procedure.states if state.final]
    return "\n".join(lines)


def markdown(procedure: Procedure, cite: Callable[[str], str]) -> str:
    """One documentation page: the diagram, then state × event × role → state with guards and articles."""
    labels = {state.key: state.label for state in procedure.states} | {NEW: "（新）", SAME: "（不变）"}
    rows = [
        "| event | 事项 | from | to | by | guards | articles |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for move in procedure.transitions:
        cells = [
            f"`{move.event}`",
            move.label,
            "、".join(labels[key] for key in move.sources),
            labels[move.target],
            "、".join(procedure.roles[role] for role in move.roles),
            ", ".join(f"`{name}`" for name in (*move.when, *move.guards)),
            "；".join(cite(article) for article in move.articles),
        ]
        rows.append("| " + " | ".join(cells) + " |")
    return (
        f"# {procedure.label} `{procedure.name}`\n\n```mermaid\n{mermaid(procedure)}\n```\n\n" + "\n".join(rows) + "\n"
    )
