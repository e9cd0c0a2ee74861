"""Where settings come from, and the line when one is missing or wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from pulumi_voice_routing import settings
from pulumi_voice_routing.errors import SettingsError
from pulumi_voice_routing.masking import masked
from pulumi_voice_routing.ringcx import client as ringcx
from pulumi_voice_routing.settings import Setting, cache_folder

URL = Setting("RINGCX_BASE_URL", "The address of RingCX", example="https://ringcx.ringcentral.com")
NUMBER = Setting("VOICE_ROUTING_MAX_WAIT_SECONDS", "The longest wait", "300")


@pytest.fixture
def stack_config(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    config: dict[str, str] = {}
    monkeypatch.setattr(settings, "_stack_config", None)
    settings.use_stack_config(config.get)
    return config


@pytest.mark.parametrize(
    ("variable", "key"),
    [
        ("RINGCX_BASE_URL", "ringcxBaseUrl"),
        ("RINGEX_JWT", "ringexJwt"),
        ("VOICE_ROUTING_CA_FILE", "caFile"),
        ("VOICE_ROUTING_MAX_WAIT_SECONDS", "maxWaitSeconds"),
    ],
)
def test_a_variable_and_its_key(variable: str, key: str) -> None:
    assert Setting(variable, "").key == key


def test_the_environment_comes_before_stack_config_and_that_before_the_default(
    monkeypatch: pytest.MonkeyPatch, stack_config: dict[str, str]
) -> None:
    assert NUMBER.get() == "300"
    stack_config["voice-routing:maxWaitSeconds"] = "20"
    assert NUMBER.get() == "20"
    monkeypatch.setenv("VOICE_ROUTING_MAX_WAIT_SECONDS", " 10 ")
    assert NUMBER.get() == "10"
    monkeypatch.setenv("VOICE_ROUTING_MAX_WAIT_SECONDS", "  ")
    assert NUMBER.get() == "20"


def test_settings_are_live(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("1", "2"):
        monkeypatch.setenv("VOICE_ROUTING_MAX_WAIT_SECONDS", value)
        assert NUMBER.get() == value


def test_outside_a_program_there_is_no_stack_config(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "_stack_config", None)
    assert Setting("RINGCX_ACCOUNT_ID", "The account").get() is None


@pytest.mark.parametrize(
    ("secret", "command"),
    [
        (False, "pulumi config set voice-routing:ringcxAccountId 123456"),
        (True, "pulumi config set --secret voice-routing:ringcxAccountId 123456"),
    ],
)
def test_the_line_of_a_missing_setting(secret: bool, command: str) -> None:
    setting = Setting("RINGCX_ACCOUNT_ID", "The RingCX account id", secret=secret, example="123456")
    with pytest.raises(SettingsError) as raised:
        setting.require()
    assert str(raised.value) == f"The RingCX account id is not set. Set RINGCX_ACCOUNT_ID, or run: {command}"


def test_a_secret_setting_is_masked_from_the_first_reading_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGEX_JWT", "jwt-of-this-very-test")
    assert masked("jwt-of-this-very-test") == "jwt-of-this-very-test"
    Setting("RINGEX_JWT", "The JWT", secret=True).get()
    assert masked("jwt-of-this-very-test") == "***"


@pytest.mark.parametrize(("value", "number"), [("0", 0), ("2.5", 2.5), ("1e2", 100)])
def test_numbers(monkeypatch: pytest.MonkeyPatch, value: str, number: float) -> None:
    monkeypatch.setenv(NUMBER.variable, value)
    assert NUMBER.number() == number


@pytest.mark.parametrize("value", ["-1", "ten", "nan", "inf", "1,5", "5 s"])
def test_no_numbers(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NUMBER.variable, value)
    with pytest.raises(SettingsError) as raised:
        NUMBER.number()
    assert str(raised.value) == f"VOICE_ROUTING_MAX_WAIT_SECONDS is {value!r}, and must be a number, 0 or more"


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("https://ringcx.ringcentral.com", "https://ringcx.ringcentral.com"),
        ("https://ringcx.ringcentral.com/", "https://ringcx.ringcentral.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://localhost:65535", "http://localhost:65535"),
    ],
)
def test_addresses(monkeypatch: pytest.MonkeyPatch, value: str, url: str) -> None:
    monkeypatch.setenv(URL.variable, value)
    assert URL.url() == url


@pytest.mark.parametrize(
    "value",
    [
        "ringcx.ringcentral.com",
        "ftp://ringcx.ringcentral.com",
        "https://ringcx.ringcentral.com/voice/api",
        "https://ringcx.ringcentral.com?x=1",
        "https://ringcx.ringcentral.com#x",
        "https:",
        "https://:443",
        "https://host:port",
        "https://host:99999",
        "https://ho st",
        "https://host\\evil.test",
        "https://host%2eevil.test",
        "https://höst",
        "https://ho\nst",
    ],
)
def test_no_addresses(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(URL.variable, value)
    with pytest.raises(SettingsError) as raised:
        URL.url()
    assert str(raised.value) == (
        f"RINGCX_BASE_URL is {value!r}, and must be scheme, host and port only, such as https://ringcx.ringcentral.com"
    )


def test_a_password_in_an_address_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL.variable, "https://me:hunter2@ringcx.ringcentral.com")
    with pytest.raises(SettingsError, match="an address with a name or a password in it") as raised:
        URL.url()
    assert "hunter2" not in str(raised.value)


def test_the_cache_folder_is_made_for_its_owner_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "pulumi-voice-routing"
    assert cache_folder().stat().st_mode & 0o777 == 0o700
    monkeypatch.setenv("VOICE_ROUTING_CACHE_DIR", str(tmp_path / "a" / "b"))
    assert cache_folder() == tmp_path / "a" / "b"
    assert cache_folder().is_dir()


def test_a_cache_folder_that_cannot_be_made_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("VOICE_ROUTING_CACHE_DIR", str(tmp_path / "file" / "folder"))
    with pytest.raises(SettingsError, match=r"cannot be made .* Set VOICE_ROUTING_CACHE_DIR"):
        cache_folder()


@pytest.fixture
def no_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ringcx, "_clients", {})


@pytest.mark.usefixtures("no_clients")
def test_one_client_for_each_address_and_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGCX_ACCOUNT_ID", "1")
    one = ringcx.ringcx_client()
    assert ringcx.ringcx_client() is one
    assert one.account_id == "1"
    assert one.budget.limit == 120
    monkeypatch.setenv("RINGCX_ACCOUNT_ID", "2")
    monkeypatch.setenv("RINGCX_REQUESTS_PER_MINUTE", "0.5")
    other = ringcx.ringcx_client()
    assert other is not one
    assert other.budget.limit == 1  # and not 0, which is no limit
    one.close()
    other.close()


@pytest.mark.usefixtures("no_clients")
@pytest.mark.parametrize("account", ["12-3", "1/2", "²", "١٢٣", "me"])
def test_an_account_is_digits(monkeypatch: pytest.MonkeyPatch, account: str) -> None:
    monkeypatch.setenv("RINGCX_ACCOUNT_ID", account)
    with pytest.raises(SettingsError) as raised:
        ringcx.ringcx_client()
    assert str(raised.value) == f"RINGCX_ACCOUNT_ID is {account!r}; a RingCX account id is digits only"
