"""What is written down about faults: where they happened, and nothing of what people wrote."""

import json
import logging

import pytest
import structlog

from tests.cast import Configure, configure
from witei_app.logs import set_up_logs

__all__ = ["configure"]


@pytest.mark.parametrize("kind", ["console", "json"])
def test_a_fault_is_told_without_what_people_wrote(
    configure: Configure, capfd: pytest.CaptureFixture[str], kind: str
) -> None:
    configure(LOG_FORMAT=kind)
    set_up_logs()
    password = "".join(("demo", "secret"))
    try:
        raise ValueError(f"after {len(password)}")
    except ValueError:
        structlog.get_logger().exception("sign_in.fault")
    finally:
        structlog.reset_defaults()
    told = capfd.readouterr().err
    assert "ValueError" in told
    assert "after 10" in told
    assert password not in told
    assert kind == "console" or json.loads(told)["event"] == "sign_in.fault"


@pytest.mark.parametrize("kind", ["console", "json"])
def test_a_library_is_told_of_by_its_place_without_its_words(
    configure: Configure, capfd: pytest.CaptureFixture[str], kind: str
) -> None:
    configure(LOG_FORMAT=kind)
    set_up_logs()
    try:
        try:
            raise KeyError("a cookie\n[error] forged")
        except KeyError:
            for name in ("reflex.app", "engineio.server", "asyncio"):
                logging.getLogger(name).exception("somebody sent a cookie\n[error] forged")
        logging.getLogger("uvicorn.error").error("address already in use")
        for _ in range(100):
            logging.getLogger("dkim").warning("once more")
    finally:
        structlog.reset_defaults()
    lines = capfd.readouterr().err.splitlines()
    assert all("cookie" not in line and "forged" not in line for line in lines)
    assert sum("KeyError" in line and "test_logs.py" in line for line in lines) == 3
    assert sum("address already in use" in line for line in lines) == 1
    assert 10 < len(lines) < 30  # nobody fills the disk


def test_what_an_error_quotes_stays_off_the_margin(configure: Configure, capfd: pytest.CaptureFixture[str]) -> None:
    configure(LOG_FORMAT="console")
    set_up_logs()
    try:
        raise ValueError("first\n2026-01-01 [error] forged\x1b[2J")
    except ValueError:
        structlog.get_logger().exception("a.fault")
    finally:
        structlog.reset_defaults()
    told = capfd.readouterr().err
    assert "\x1b" not in told
    assert all(line.startswith("    ") for line in told.splitlines()[1:])
