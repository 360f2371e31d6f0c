from pathlib import Path

import pytest

from bundle import hashed_name, stylesheet
from modules import SHARED, scripts
from refusal import BuildError


def modules(folder: Path, **sources: str) -> list[Path]:
    for name, source in sources.items():
        (folder / f"{name}.mjs").write_text(source, "utf-8")
    return sorted(folder.glob("*.mjs"))


def joined(paths: list[Path]) -> str:
    return scripts(paths, [])[SHARED]


def test_dependencies_come_first(tmp_path: Path) -> None:
    """A module runs after what it imports, and the bundle has no import or export left."""
    paths = modules(
        tmp_path,
        a="// why\nimport { two } from './b.mjs';\nexport function one() {\n  return two;\n}\n",
        b="/**\n * why\n */\nexport const two = 2;\n",
    )
    assert joined(paths) == "const two = 2;\nfunction one() {\nreturn two;\n}\n"


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ({"a": "const x = 1;\n", "b": "function x() {}\n"}, "x is declared in a.mjs and in b.mjs"),
        (
            {
                "a": "import { y } from './b.mjs';\nexport const x = 1;\n",
                "b": "import { x } from './a.mjs';\nexport const y = 1;\n",
            },
            "import each other: a.mjs → b.mjs → a.mjs",
        ),
        (
            {"a": "import { y } from './b.mjs';\n", "b": "const y = 1;\n"},
            "imports y, which b.mjs does not export",
        ),
        ({"a": "import { y } from './c.mjs';\n"}, "imports c.mjs, which does not exist"),
        ({"a": "export default 1;\n"}, "one line that the bundler knows"),
        (
            {"a": "import {\n  y,\n} from './b.mjs';\n", "b": "export const y = 1;\n"},
            "one line that the bundler knows",
        ),
        ({"a": "const { x } = globalThis;\n"}, "one by one"),
        ({"a": "const x = `one\n  two`;\n"}, "over several lines"),
    ],
)
def test_refusals(tmp_path: Path, sources: dict[str, str], said: str) -> None:
    """What a plain concatenation would break stops the build, in words."""
    with pytest.raises(BuildError, match=said):
        joined(modules(tmp_path, **sources))


def test_a_script_of_its_own(tmp_path: Path) -> None:
    """A page's own script brings what it alone needs, and takes the rest from the shared one."""
    modules(
        tmp_path,
        page="import { two } from './part.mjs';\nimport { four } from './shared.mjs';\nuse(two, four);\n",
        part="import { three } from './deep.mjs';\nexport const two = three - 1;\n",
        deep="export const three = 3;\n",
        shared="export const four = 4;\nexport const five = 5;\n",
        elsewhere="nothing();\n",
    )
    made = scripts([tmp_path / "shared.mjs"], [tmp_path / "page.mjs"])
    main = "const four = 4;\nconst five = 5;\nexport{four};\n"
    at = hashed_name(SHARED, main.encode())
    assert made[SHARED] == main
    assert made["page.mjs"] == (
        f'import{{four}}from"./{at}";\nconst three = 3;\nconst two = three - 1;\nuse(two, four);\n'
    )


def test_a_script_by_itself(tmp_path: Path) -> None:
    """A worker, which takes nothing from the pages, imports nothing."""
    modules(tmp_path, shared="export const one = 1;\n", worker="const one = 2;\nwork(one);\n")
    made = scripts([tmp_path / "shared.mjs"], [tmp_path / "worker.mjs"])
    assert made == {"asvi.mjs": "const one = 1;\n", "worker.mjs": "const one = 2;\nwork(one);\n"}


def test_a_name_of_the_shared_script(tmp_path: Path) -> None:
    """A page's own script that declares a name of the shared one again stops the build."""
    modules(
        tmp_path,
        shared="export const one = 1;\nexport const two = 2;\n",
        page="import { one } from './shared.mjs';\nconst two = one;\n",
    )
    with pytest.raises(BuildError, match=r"two is declared in shared\.mjs and in page\.mjs"):
        scripts([tmp_path / "shared.mjs"], [tmp_path / "page.mjs"])


def test_sheets_are_joined(tmp_path: Path) -> None:
    """Sheets keep their order and meaning, lose comments, and name pictures by content."""
    sheet = tmp_path / "a.css"
    sheet.write_text('/* why */\n.a :is(b, c) {\n  color: red;\n  background: url("m.svg");\n}\n')
    text = stylesheet([sheet], {"m.svg": "/assets/m.1.svg"})
    assert text == '.a :is(b,c){color: red;background: url("/assets/m.1.svg");}'
    with pytest.raises(BuildError, match=r"m\.svg"):
        stylesheet([sheet], {})


def test_a_name_follows_its_content() -> None:
    """Other content has another name."""
    assert hashed_name("a.css", b"1") != hashed_name("a.css", b"2")
    assert hashed_name("a.css", b"1").endswith(".css")
