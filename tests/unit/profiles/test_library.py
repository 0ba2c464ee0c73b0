import os
from pathlib import Path

import pytest

from stripchart.model.cause import CauseCode
from stripchart.profiles.library import ProfileLibrary, UnknownProfileError
from stripchart.profiles.load import load_profile
from stripchart.profiles.problem import ProfileError
from tests.unit.profiles.texts import profile_text

POINT = "{key: a, name: A, address: 0}"


def write(folder: Path, name: str, key: str, *points: str) -> Path:
    path = folder / name
    path.write_text(profile_text(*(points or (POINT,))).replace("profile: p", f"profile: {key}"), encoding="utf-8")
    return path


def test_the_shipped_profiles_are_there_without_a_folder() -> None:
    library = ProfileLibrary.shipped()
    assert "smartgen-hgm9520n" in library.keys
    assert library.get("ddms-sensor").key == "ddms-sensor"
    assert library.problems == ()


def test_a_users_profile_is_added(tmp_path: Path) -> None:
    write(tmp_path, "anything.yml", "boiler")
    library = ProfileLibrary(tmp_path)
    assert library.get("boiler").key == "boiler"
    assert "boiler" in [profile.key for profile in library.all()]
    assert library.path("boiler") == tmp_path / "anything.yml"


def test_a_users_profile_replaces_the_shipped_one_with_its_key(tmp_path: Path) -> None:
    write(tmp_path, "mine.yaml", "ddms-sensor")
    assert ProfileLibrary(tmp_path).get("ddms-sensor").point("a").name == {"en": "A"}


def test_a_folder_that_is_not_there_is_no_mistake(tmp_path: Path) -> None:
    assert ProfileLibrary(tmp_path / "none").keys == ProfileLibrary.shipped().keys


def test_one_bad_file_is_reported_and_hides_no_other(tmp_path: Path) -> None:
    write(tmp_path, "good.yaml", "good")
    bad = write(tmp_path, "bad.yaml", "bad", "{key: a, name: A, address: 70000}")
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: %\n", encoding="utf-8")
    library = ProfileLibrary(tmp_path)
    assert library.get("good").key == "good"
    assert {"good", "ddms-sensor"} <= {profile.key for profile in library.all()}
    assert "bad" not in {profile.key for profile in library.all()}
    assert [(each.file, each.line) for each in library.problems] == [(str(bad), 5), (str(broken), 1)]
    with pytest.raises(ProfileError, match="70000: allowed are 0 to 65535") as refused:
        library.get("bad")
    assert refused.value.cause.code is CauseCode.PROFILE_INVALID
    assert refused.value.cause.facts == {"profile": "bad", "said": str(library.problems[0])}


def test_a_bad_file_does_not_quietly_give_way_to_the_shipped_profile(tmp_path: Path) -> None:
    write(tmp_path, "mine.yaml", "ddms-sensor", "{key: a, name: A}")
    with pytest.raises(ProfileError):
        ProfileLibrary(tmp_path).get("ddms-sensor")


def test_two_files_with_one_key_are_reported(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "boiler", "{key: first, name: A, address: 0}")
    write(tmp_path, "b.yaml", "boiler", "{key: second, name: A, address: 0}")
    library = ProfileLibrary(tmp_path)
    assert library.get("boiler").points[0].key == "first"
    (problem,) = library.problems
    assert str(problem).endswith(
        "b.yaml: profile: 'boiler' is the profile of a.yaml already; the second file is left out"
    )


def test_an_unknown_key_names_the_nearest() -> None:
    with pytest.raises(
        UnknownProfileError, match="no profile 'smartgen-hgm9250n'; did you mean 'smartgen-hgm9520n'"
    ) as no:
        ProfileLibrary.shipped().get("smartgen-hgm9250n")
    assert (no.value.cause.code, no.value.cause.facts) == (
        CauseCode.PROFILE_MISSING,
        {"profile": "smartgen-hgm9250n"},
    )


def test_a_refresh_sees_new_changed_and_removed_files(tmp_path: Path) -> None:
    path = write(tmp_path, "a.yaml", "boiler")
    library = ProfileLibrary(tmp_path)
    before = library.get("boiler")
    library.refresh()
    assert library.get("boiler") is before
    write(tmp_path, "a.yaml", "boiler", POINT, "{key: b, name: B, address: 1}")
    write(tmp_path, "b.yaml", "pump")
    library.refresh()
    assert [point.key for point in library.get("boiler").points] == ["a", "b"]
    assert "pump" in library.keys
    path.unlink()
    library.refresh()
    assert "boiler" not in library.keys


def test_a_key_far_down_or_quoted_is_found(tmp_path: Path) -> None:
    text = profile_text(POINT).replace("profile: p\n", "")
    (tmp_path / "a.yaml").write_text("#" * 20_000 + "\n" + text + "profile: 'deep'\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(text + "profile: 'quoted'\n", encoding="utf-8")
    assert {"deep", "quoted"} <= set(ProfileLibrary(tmp_path).keys)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"profile: \xff\n", ":1: not UTF-8; save the file in this encoding"),
        (b"a: 1\n" + b"#" * 600_000, ": the file is too large; allowed are 512 KiB"),
    ],
)
def test_a_file_that_is_no_text_or_too_large_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(ProfileError) as caught:
        load_profile(path)
    assert str(caught.value) == f"{path}{message}"


def test_what_cannot_be_opened_is_one_clear_message(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    for path, message in ((tmp_path, "not a file"), (pipe, "not a file"), (tmp_path / "no.yaml", "cannot be read")):
        with pytest.raises(ProfileError, match=message):
            load_profile(path)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(profile_text(POINT), encoding="utf-8-sig")
    assert load_profile(path).key == "p"
