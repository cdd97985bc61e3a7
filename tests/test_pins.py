"""The lock, pyproject.toml and environment.yml name the same versions, and no file names an index."""

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parent.parent


def locked_versions() -> dict[str, set[str]]:
    """Package -> the versions that the lock holds for it (several where platforms or Pythons differ)."""
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\]+)", (ROOT / "requirements.lock").read_text()):
        versions.setdefault(name.lower(), set()).add(version)
    return versions


def declared() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"].values()
    return [Requirement(line) for line in [*project["project"]["dependencies"], *(line for group in groups for line in group)]]


def test_lock_holds_every_declared_package_at_a_version_that_is_allowed():
    locked = locked_versions()
    wrong = [
        str(need) for need in declared() if not all(need.specifier.contains(v) for v in locked.get(need.name.lower(), {"none"}))
    ]
    assert wrong == []


def test_every_locked_entry_has_a_hash():
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", (ROOT / "requirements.lock").read_text())[1:]
    assert len(entries) > 100
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_conda_environment_installs_the_lock_on_the_same_pythons():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    pip_part = next(part["pip"] for part in environment if isinstance(part, dict))
    python = next(part for part in environment if isinstance(part, str) and part.startswith("python "))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert pip_part == ["-r requirements.lock"]
    assert SpecifierSet(python.removeprefix("python ")) == SpecifierSet(project["requires-python"])


def test_lock_names_no_index():
    assert not re.search(r"://|--(extra-)?index-url|--find-links", (ROOT / "requirements.lock").read_text())


def test_readme_says_why_each_dependency_is_there():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme[readme.index("## Dependencies") :]
    missing = [need.name for need in declared() if f"`{need.name.lower()}`" not in table.lower()]
    assert missing == []
