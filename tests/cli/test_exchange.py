"""Importing and exporting from the shell: a file in, the same out, and faults in one sentence each."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from salesmode.cli import main
from tests.exchange.kit import SHOP


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "app.yaml").write_text(SHOP, encoding="utf-8")
    assert run("apply", str(tmp_path), "--admin", "root").exit_code == 0
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_what_comes_in_goes_out(shop: Path) -> None:
    text = "name,grade,revenue,owner.name\r\nAcme,Class A,100.00,root\r\nBeta,Class B,5.00,\r\n"
    (shop / "in.csv").write_bytes(text.encode())
    result = run("import", "company", str(shop / "in.csv"), str(shop))
    assert (result.exit_code, result.stdout) == (0, "2 records created, 0 matched\n")
    target, columns = shop / "out.csv", "name,grade,revenue,owner.name"
    assert run("export", "companies", str(shop), "-o", str(target), "--fields", columns).exit_code == 0
    assert target.read_bytes() == text.encode()
    where = '{"owner": {"name": {"eq": "root"}}}'
    result = run("export", "company", str(shop), "--as", "root", "--fields", "name", "--where", where)
    assert result.stdout_bytes == b"name\r\nAcme\r\n"


def test_who_may_not_export_is_told_so_and_leaves_no_file(shop: Path) -> None:
    path = shop / "users.csv"
    path.write_text("name,roles\nann,clerk\nbob,reader\n")
    assert run("import", "user", str(path), str(shop)).exit_code == 0
    target = shop / "out.csv"
    for user, code, said in (("ann", 0, "0 records in"), ("bob", 1, "You may not export 'company'.")):
        result = run("export", "company", str(shop), "--as", user, "-o", str(target))
        assert (result.exit_code, target.exists()) == (code, code == 0)
        assert said in result.stderr
        target.unlink(missing_ok=True)
    log = run("export", "access_log", str(shop), "--fields", "created_by.name,operation,object,records")
    assert log.stdout_bytes == b"created_by.name,operation,object,records\r\nann,export,company,0\r\n"


def test_a_refused_cell_is_told_what_it_takes(shop: Path) -> None:
    path = shop / "in.csv"
    path.write_text("name,parent,flags\nAcme,Beta,red|blue\n")
    said = run("import", "company", str(path), str(shop)).stderr
    assert f"{path}:2: parent: An id is expected. (a column parent.name takes what is unique)\n" in said
    assert f"{path}:2: flags: There is no option 'red|blue'. (red, blue) (several are joined by ;)\n" in said


def test_refused_rows_are_told_by_file_and_row_and_kept_with_their_reasons(shop: Path) -> None:
    path = shop / "in.csv"
    path.write_text("name,grade,staff\nAcme,zz,-1\nBeta,a,1\n")
    result = run("import", "company", str(path), str(shop))
    assert result.exit_code == 1
    assert (
        f"{path}:2: grade: There is no option 'zz'. (a, b)\n{path}:2: staff: At least 0 is expected.\n"
        in result.stderr
    )
    assert run("export", "company", str(shop), "--fields", "name").stdout_bytes == b"name\r\n"
    result = run("import", "company", str(path), str(shop), "--keep-going")
    assert (result.exit_code, result.stdout) == (1, "1 record created, 0 matched\n")
    refused = (shop / "in.refused.csv").read_text()
    assert refused.splitlines()[1].startswith("Acme,zz,'-1,")


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (("export", "compny", "{}"), "did you mean 'company'?", 2),
        (("export", "company", "{}", "--fields", "nam"), "did you mean 'name'?", 1),
        (("export", "company", "{}", "--where", "[1"), "--where is not JSON", 2),
        (("export", "company", "{}", "--where", '{"founded": {"eq": "soon"}}'), "A date like 2026-01-31", 1),
        (("export", "company", "{}", "--as", "nobody"), "there is no active user 'nobody'", 1),
        (("export", "company", "{}", "--format", "xlsx"), "a workbook is not printed", 2),
        (("import", "company", "{}/none.csv", "{}"), "No such file", 1),
        (("import", "company", "{}/app.yaml", "{}"), "does not end like a known format", 1),
    ],
)
def test_faults_are_one_sentence(shop: Path, arguments: tuple[str, ...], said: str, code: int) -> None:
    result = run(*(each if "eq" in each else each.replace("{}", str(shop)) for each in arguments))
    assert result.exit_code == code
    assert said in result.stderr
    assert "Traceback" not in result.stderr
