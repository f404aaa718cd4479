"""Reference pages written from the code: procedures with their diagrams, figures with their definitions."""

import sys
from pathlib import Path


def pages() -> dict[str, str]:
    """Every page by its path below ``docs/reference``."""
    from gongkai.figure import FAMILIES
    from gongkai.law.articles import cite
    from gongkai.ledger.subjects import SUBJECTS
    from gongkai.procedure.diagram import markdown

    made = {f"procedures/{kind}.md": markdown(subject.procedure, cite) for kind, subject in sorted(SUBJECTS.items())}
    lines = ["# Figures", "", "Every number of the house. Written by `tools/write-docs`.", ""]
    for name, family in sorted(FAMILIES.items()):
        lines += [f"## {name}", "", "| figure | 名称 | 单位 | 定义 |", "| --- | --- | --- | --- |"]
        lines += [f"| `{f.id}` | {f.label} | {f.unit} | {f.definition} |" for f in family.figures]
        lines.append("")
    made["figures.md"] = "\n".join(lines)
    made["kinds.md"] = kinds_page()
    return made


def kinds_page() -> str:
    """The kinds of records, with what each asks for."""
    from gongkai.records.kinds import choices, kinds

    lines = ["# Kinds of records", "", "Written by `tools/write-docs` from `records/kinds/*.json`.", ""]
    for one in kinds().values():
        said = [one.about, f"column `{one.column}`" if one.column else "", "公文" if one.document else ""]
        lines += [f"## `{one.key}` {one.label}", "", "；".join(filter(None, said)), ""]
        if one.properties:
            lines += ["| property | 名称 | type | choices |", "| --- | --- | --- | --- |"]
        for name, asked in one.properties.items():
            offered = "、".join(f"`{key}` {label}" if key != label else label for key, label in choices(asked))
            kind = f"{asked.get('type')}{' ' + asked['format'] if 'format' in asked else ''}"
            lines.append(f"| `{name}` | {asked['title']} | {kind} | {offered} |")
        lines.append("")
    return "\n".join(lines)


def main(directory: Path) -> None:
    """Write them."""
    import django

    django.setup()
    for path, text in pages().items():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        print(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
