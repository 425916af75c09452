"""The build of the pages: at home on any address, made again only when its sources changed."""

from pathlib import Path

import pytest

from witei_app.frontend import ROOT, PortableAddresses, ensure_built, fingerprint, web_folder

AS_REFLEX_WRITES_IT = "var e={PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`};export{e as t};"


GUESSES = "FAULT=`x`,SAME_DOMAIN_HOSTNAMES=[`localhost`,`::`],token,"


def build_with(tmp_path: Path, text: str, guesses: str = GUESSES) -> Path:
    chunk = tmp_path / "assets" / "reflex-env-BVGF6eGS.js"
    chunk.parent.mkdir()
    chunk.write_text(text)
    (tmp_path / "assets" / "context-Bmnt_jfN.js").write_text(guesses)
    return chunk


def test_addresses_in_a_build_become_those_of_the_page(tmp_path: Path) -> None:
    chunk = build_with(tmp_path, AS_REFLEX_WRITES_IT)
    PortableAddresses().post_build(static_dir=tmp_path)
    assert chunk.read_text() == (
        "var e={PING:location.origin+'/ping',EVENT:location.origin.replace(/^http/,'ws')+'/_event'};export{e as t};"
    )


@pytest.mark.parametrize("sign", ["=", " = "])  # `make dev` builds for people's eyes
def test_behind_tls_no_port_is_guessed_for_localhost(tmp_path: Path, sign: str) -> None:
    chunk = build_with(tmp_path, AS_REFLEX_WRITES_IT, GUESSES.replace("=[", f"{sign}["))
    PortableAddresses().post_build(static_dir=tmp_path)
    assert chunk.with_name("context-Bmnt_jfN.js").read_text() == f"FAULT=`x`,SAME_DOMAIN_HOSTNAMES{sign}[],token,"


def test_a_secure_address_baked_in_by_the_environment_is_replaced_too(tmp_path: Path) -> None:
    chunk = build_with(tmp_path, '{"EVENT":"wss://inbox.example:8443/_event"}')
    PortableAddresses().post_build(static_dir=tmp_path)
    assert chunk.read_text() == "{\"EVENT\":location.origin.replace(/^http/,'ws')+'/_event'}"


@pytest.mark.parametrize(("addresses", "guesses"), [("var e={};", GUESSES), (AS_REFLEX_WRITES_IT, "token,")])
def test_a_build_with_nothing_to_rewrite_is_refused(tmp_path: Path, addresses: str, guesses: str) -> None:
    build_with(tmp_path, addresses, guesses)
    with pytest.raises(SystemExit, match="no addresses"):
        PortableAddresses().post_build(static_dir=tmp_path)


def test_the_fingerprint_changes_with_a_source_of_the_pages_alone(tmp_path: Path) -> None:
    (tmp_path / "rxconfig.py").write_text("config")
    page, rule = tmp_path / "witei_app/pages/inbox.py", tmp_path / "witei_app/mail/parse.py"
    for path in (page, rule):
        path.parent.mkdir(parents=True)
        path.write_text("one")
    before = fingerprint(tmp_path)
    rule.write_text("two")
    assert fingerprint(tmp_path) == before
    page.write_text("two")
    assert fingerprint(tmp_path) != before


def test_a_file_that_moved_changes_the_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "rxconfig.py").write_text("config")
    (tmp_path / "assets").mkdir()
    logo = tmp_path / "assets/logo.svg"
    logo.write_text("<svg/>")
    before = fingerprint(tmp_path)
    logo.rename(tmp_path / "assets/mark.svg")
    assert fingerprint(tmp_path) != before


def test_what_was_built_is_not_built_again() -> None:
    ensure_built()
    chunks = {path: path.stat().st_mtime_ns for path in (web_folder() / "build").rglob("*.js")}
    ensure_built()
    assert chunks == {path: path.stat().st_mtime_ns for path in chunks}


def test_the_build_names_no_machine() -> None:
    ensure_built()
    for path in (web_folder() / "build/client").rglob("*.js"):
        assert "localhost:8000" not in path.read_text(), path.relative_to(ROOT)
