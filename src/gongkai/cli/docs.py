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
    return made


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
