"""Names that look like secrets' are found, others are not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from values.capture import capture

from scope_repl import _tracer
from scope_repl.recording.cut import Redacted

pytestmark = pytest.mark.native

SECRET = [
    "password", "PASSWORD", "userPassword", "user_password", "password2", "_password", "__password__", "db-passwd",
    "pwd", "passphrase", "secret", "client_secret", "clientSecret", "SECRET_KEY", "secretKey", "token", "authToken",
    "auth_token", "AUTHToken", "token_id", "credential", "credentials", "api_key", "apiKey", "APIKey", "API_KEY",
    "apikey", "x-api-key", "my_api_key_2", "private_key", "privateKey", "access_key", "aws_access_key_id",
    "Authorization",
]  # fmt: skip
HARMLESS = [
    "", "x", "self", "key", "api", "keyboard", "passwordless", "secretary", "tokenizer", "tokens", "pass", "passed",
    "author", "compass", "monkey_api", "key_api", "apikeys_count", "accessible_keyhole", "publicKey", "public_key",
    "é", "名前", "a" * 200,
]  # fmt: skip


@pytest.mark.parametrize("name", SECRET)
def test_secret_names(name: str) -> None:
    assert _tracer.is_secret(name)
    assert isinstance(capture({name: "hidden"})[name], Redacted)
    assert b"hidden" not in _tracer.encode([{name: "hidden"}])


@pytest.mark.parametrize("name", HARMLESS)
def test_other_names(name: str) -> None:
    assert not _tracer.is_secret(name)
    assert capture({name: "shown"}) == {name: "shown"}


def test_an_argument_can_be_redacted_as_a_whole() -> None:
    assert _tracer.encode("hidden", True) == _tracer.encode(5, True)


def test_a_redacted_value_is_not_equal_to_anything() -> None:
    assert capture({"token": 1}) != capture({"token": 1})
    assert capture({"token": 1}) != {"token": 1}


@pytest.fixture
def own_words() -> Iterator[None]:
    _tracer.set_secrets(("pin", "recovery_code"))
    yield
    _tracer.set_secrets(
        ("password", "passwords", "passwd", "pwd", "passphrase", "secret", "secrets", "token", "credential",
         "credentials", "authorization", "api_key", "private_key", "access_key", "signing_key", "encryption_key")
    )  # fmt: skip


@pytest.mark.usefixtures("own_words")
def test_words_of_ones_own() -> None:
    assert _tracer.is_secret("card_pin")
    assert _tracer.is_secret("recoveryCode")
    assert not _tracer.is_secret("pinned")
    assert not _tracer.is_secret("password")
