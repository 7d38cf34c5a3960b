# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast
import builtins
import re
from functools import lru_cache
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
COLLECTION = "ansible_collections.flotilla.docker.plugins."

# The table of ARCHITECTURE.md: what of ours each package of module_utils may import, beside itself.
MAY_IMPORT = {
    "errors": set(),
    "explanations": set(),
    "shapes": {"errors"},
    "disk": set(),
    "archive_imports": set(),
    "hangup": set(),
    "masking": set(),
    "result_size": set(),
    "signals": {"errors"},
    "step": {"errors"},
    "arguments": {"errors"},
    "yaml_types": {"errors", "masking"},
    "option": {"errors", "yaml_types"},
    "option_table": {"errors", "option"},
    "object_options": {"masking", "option", "option_table", "declared"},
    "network": {"errors", "step", "masking", "yaml_types", "option", "option_table", "object_options", "declared"},
    "volume": {"errors", "explanations", "step", "masking", "option", "option_table", "object_options", "declared"},
    "declared": set(),
    "credential_helper": {"errors", "docker_cli"},
    "docker_cli": set(),
    "engine": {"errors", "signals", "arguments", "credential_helper", "docker_cli"},
    "host": {"errors"},
    "layers": {"errors", "step"},
    "image": {"errors", "step", "layers"},
    "container": {
        "errors",
        "step",
        "masking",
        "yaml_types",
        "option",
        "option_table",
        "declared",
        "image",
        "network",
        "volume",
    },
    "container_set": {
        "errors",
        "signals",
        "step",
        "ledger",
        "option_table",
        "image",
        "network",
        "volume",
        "container",
    },
    "docker_config": {"errors", "step", "shapes", "explanations", "credential_helper", "docker_cli", "host"},
    "exec": {"errors", "step", "shapes", "explanations", "container"},
    "prune": {"errors", "step", "container", "image", "layers"},
    "registry": {"errors", "image"},
    "registry_cache": {"errors", "image", "registry", "step"},
    "daemon_status": {"errors", "masking", "result_size", "engine", "host"},
    "certificates": {"errors", "step", "host"},
    "daemon_config": {"errors", "step", "masking", "host", "daemon_status", "data_root", "engine"},
    "data_root": {"errors", "step"},
    "rootless": {"errors", "step", "host", "daemon_config"},
    "engine_facts": {"arguments", "daemon_config", "engine", "errors", "host", "ledger", "rootless"},
    "ledger": {"errors", "step", "signals"},
    "runner": {"archive_imports", "errors", "ledger", "arguments", "engine", "hangup", "signals"},
}
# At the bottom of the table: any package may import these, and they import nothing of ours.
FOR_ALL = {"explanations", "shapes", "disk"}
# Libraries that only these packages may import.
ONLY_IN = {
    "docker": {"engine"},
    "requests": {"engine"},
    "cryptography": {"certificates"},
    "urllib.request": {"registry"},
    "http.client": {"registry", "engine", "container_set"},
    "ansible.module_utils.urls": {"registry"},
    "ansible.module_utils.basic": {"runner", "arguments"},
    "subprocess": {"credential_helper", "host", "daemon_config", "data_root", "rootless", "engine"},
    "yaml": set(),
}
# Packages that may access the host: "every" are those whose purpose is reading and changing files, programs and users.
HOST_ACCESS = {
    "every": {
        "host",
        "daemon_config",
        "data_root",
        "rootless",
        "certificates",
        "registry_cache",
        "layers",
        "disk",
        "docker_config",
        "engine_facts",
    },
    "os": {"arguments", "docker_cli", "engine", "hangup", "image", "registry", "container", "exec"},
    "open": {"engine", "image", "container", "exec"},
    "glob": {"registry"},
    "socket": {"engine", "container", "container_set"},
    "subprocess": {"engine", "credential_helper"},
    "tempfile": {"engine", "credential_helper"},
    "shutil": set(),
    "fcntl": set(),
    "pathlib": set(),
}


def python_files(folder):
    return sorted(path for path in (PLUGINS / folder).rglob("*.py") if path.stem != "__init__")


def package_of(path):
    return path.relative_to(PLUGINS / "module_utils").parts[0].split(".")[0]


@lru_cache(maxsize=None)
def syntax(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def run_time_nodes(tree):
    """All nodes except those for type checkers only."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and getattr(node.test, "id", None) == "TYPE_CHECKING":
            pending.extend(node.orelse)
            continue
        yield node
        pending.extend(ast.iter_child_nodes(node))


def package_of_ours(path):
    return package_of(path) if PLUGINS / "module_utils" in path.parents else None


def imports(path):
    """Full dotted names of everything that a file imports at run time, anywhere in the file."""
    package = (COLLECTION + ".".join(path.relative_to(PLUGINS).parts[:-1])).split(".")
    for node in run_time_nodes(syntax(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join(base + ([node.module] if node.module else []))
            yield from (f"{start}.{alias.name}" for alias in node.names)


def ours(names):
    prefix = COLLECTION + "module_utils."
    return {name[len(prefix) :].split(".")[0] for name in names if name.startswith(prefix)}


def begins(name, start):
    return name == start or name.startswith(start + ".")


def identify(path):
    return str(path.relative_to(PLUGINS))


def test_architecture_md_has_the_same_table():
    text = (PLUGINS.parent / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("## Who may import whom")[2]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|$", text, re.M))
    found = {package: set(re.findall(r"\w+", allowed.replace("nothing", ""))) for package, allowed in rows.items()}
    assert found == MAY_IMPORT


def test_every_package_is_in_the_table():
    assert {package_of(path) for path in python_files("module_utils")} <= set(MAY_IMPORT)


@pytest.mark.parametrize("path", python_files("module_utils"), ids=identify)
def test_packages_import_only_what_the_table_allows(path):
    package = package_of(path)
    assert ours(imports(path)) - {package} - FOR_ALL <= MAY_IMPORT[package]


@pytest.mark.parametrize("path", python_files("module_utils"), ids=identify)
def test_libraries_are_imported_only_in_their_packages(path):
    package = package_of(path)
    for name in imports(path):
        for library, homes in ONLY_IN.items():
            assert not begins(name, library) or package in homes, "{} belongs to {}".format(
                name, sorted(homes) or "no package"
            )


@pytest.mark.parametrize(
    "path",
    [path for path in python_files("module_utils") if package_of(path) not in HOST_ACCESS["every"]],
    ids=identify,
)
def test_only_the_packages_of_the_table_touch_the_host(path):
    used = {name.split(".")[0] for name in imports(path)} & (set(HOST_ACCESS))
    calls = [node.func for node in ast.walk(syntax(path)) if isinstance(node, ast.Call)]
    used |= {"open"} & {getattr(function, "id", None) for function in calls}
    package = package_of(path)
    assert {name for name in used if package not in HOST_ACCESS.get(name, ())} == set(), (
        f"{package} is not in the table for these; give the work to host/, or add it with its reason to ARCHITECTURE.md"
    )


@pytest.mark.parametrize("path", python_files("module_utils") + python_files("modules"), ids=identify)
def test_docker_py_is_reached_through_no_re_export(path):
    inner = COLLECTION + "module_utils.engine."
    hidden = ("sdk", "docker_py", "ssh", "hijack")
    if package_of_ours(path) != "engine":
        assert not any(begins(name, inner + part) for name in imports(path) for part in hidden)
        assert not re.search(r"\bclient\._|\.changer\b", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "path", [path for path in python_files("module_utils") if package_of(path) != "errors"], ids=identify
)
def test_errors_has_every_exception(path):
    raised = {"Exception", "BaseException"} | set(vars(builtins)) & {
        name for name in vars(builtins) if name.endswith("Error")
    }
    ours_too = {
        node.name for node in syntax(PLUGINS / "module_utils" / "errors.py").body if isinstance(node, ast.ClassDef)
    }
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.ClassDef):
            bases = {getattr(base, "id", getattr(base, "attr", None)) for base in node.bases}
            assert not bases & (raised | ours_too), f"{node.name} belongs to errors.py"


@pytest.mark.parametrize("path", python_files("modules"), ids=identify)
def test_modules_only_declare(path):
    for name in imports(path):
        assert not any(begins(name, library) for library in ONLY_IN), f"{name} has no place in a module"
    names = {getattr(node, "attr", None) or getattr(node, "id", None) for node in ast.walk(syntax(path))}
    assert not names & {"AnsibleModule", "fail_json", "exit_json", "check_mode"}


@pytest.mark.parametrize(
    "path",
    python_files("filter") + python_files("action") + python_files("callback") + python_files("plugin_utils"),
    ids=identify,
)
def test_plugins_of_the_controller_need_no_engine(path):
    assert not ours(imports(path)) & {"engine", "runner", "host"}
    assert not any(begins(name, library) for name in imports(path) for library in ("docker", "requests", "subprocess"))


def is_product_name(node):
    """Whether this is the name of an Engine's product: flavour.product or flavour.name."""
    if not isinstance(node, ast.Attribute) or node.attr not in ("product", "name"):
        return False
    return "flavour" in (getattr(node.value, "attr", None), getattr(node.value, "id", None))


@pytest.mark.parametrize(
    "path",
    [path for path in python_files("module_utils") + python_files("modules") if package_of_ours(path) != "engine"],
    ids=identify,
)
def test_only_engine_checks_for_docker_or_podman(path):
    nodes = list(ast.walk(syntax(path)))
    names = {getattr(node, part, None) for node in nodes for part in ("id", "attr", "arg")}
    compared = [side for node in nodes if isinstance(node, ast.Compare) for side in (node.left, *node.comparators)]
    assert "is_podman" not in names
    assert not any(map(is_product_name, compared)), "give engine/flavour.py an attribute for what differs"


@pytest.mark.parametrize("rule", ["TESTED_API", "DEFAULT_HOST"])
def test_shared_constants_are_defined_once(rule):
    homes = []
    for path in python_files("module_utils"):
        for node in ast.walk(syntax(path)):
            if isinstance(node, ast.Assign) and any(getattr(target, "id", None) == rule for target in node.targets):
                homes.append(identify(path))
    assert len(homes) == 1


def test_one_file_reads_the_variable_docker_config():
    readers = []
    for path in python_files("."):
        if any(isinstance(node, ast.Constant) and node.value == "DOCKER_CONFIG" for node in ast.walk(syntax(path))):
            readers.append(identify(path))
    assert readers == ["module_utils/docker_cli.py"]


def parameters(path):
    """(name, annotation or None) of each parameter that could have one: those of lambdas, self and cls cannot."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            rest = [parameter for parameter in (node.args.vararg, node.args.kwarg) if parameter]
            for parameter in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, *rest]:
                if parameter.arg not in ("self", "cls"):
                    yield parameter.arg, parameter.annotation


def says_nothing(annotation, words):
    """Whether a parameter may be anything: no annotation, Any, an alias of Any, or one of them in a union, as in "Any | None"."""
    if annotation is None:
        return True
    if isinstance(annotation, ast.BinOp):
        return any(says_nothing(side, words) for side in (annotation.left, annotation.right))
    if isinstance(annotation, ast.Subscript) and getattr(annotation.value, "id", None) in ("Optional", "Union"):
        sides = getattr(annotation.slice, "value", annotation.slice)
        return any(says_nothing(side, words) for side in getattr(sides, "elts", [sides]))
    return getattr(annotation, "id", getattr(annotation, "attr", None)) in words


def words_for_any():
    """Any, and the names that a file gives to it."""
    found = {"Any"}
    for path in python_files("."):
        for node in syntax(path).body:
            if isinstance(node, ast.Assign) and says_nothing(node.value, {"Any"}):
                found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def test_at_most_three_percent_of_parameters_are_any():
    """The number of parameters annotated Any. "dict[str, Any]" names a type, so it is not counted."""
    words = words_for_any()
    every = [(path, name, annotation) for path in python_files(".") for name, annotation in parameters(path)]
    vague = [f"{identify(path)}: {name}" for path, name, annotation in every if says_nothing(annotation, words)]
    assert len(vague) <= 0.03 * len(every), f"{len(vague)} of {len(every)}:\n" + "\n".join(vague)


def test_an_engine_is_never_any():
    words = words_for_any()
    every = [(path, name, annotation) for path in python_files(".") for name, annotation in parameters(path)]
    vague = {identify(path) for path, name, annotation in every if name == "engine" and says_nothing(annotation, words)}
    assert vague == set()


def test_the_table_has_no_cycle():
    left = {package: set(may) for package, may in MAY_IMPORT.items()}
    while left:
        free = [package for package, may in left.items() if not may & set(left)]
        assert free, f"these import one another: {sorted(left)}"
        for package in free:
            del left[package]


def test_init_files_are_empty():
    assert [identify(path) for path in PLUGINS.rglob("__init__.py") if path.read_text(encoding="utf-8").strip()] == []
