"""What is written down about faults: where they happened, and nothing of what people wrote."""

import json

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
