"""The file store: bytes under their SHA-256, outside everything that is served. Same bytes, one file."""

import asyncio
import contextlib
import errno
import hashlib
import os
import time
from pathlib import Path

from witei_app.settings import settings

# Between storing bytes and the row that names them.
UNNAMED_SECONDS = 3600
_DISK_FAULTS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO, errno.ESTALE}


def is_disk_fault(fault: BaseException) -> bool:
    """Whether the disk is full, away or not to be written: nothing is wrong with what was to be stored."""
    return isinstance(fault, OSError) and fault.errno in _DISK_FAULTS


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash lie."""
    if len(sha256) != 64 or not sha256.isalnum():
        raise ValueError("not a SHA-256 in hexadecimal")
    return settings().data_dir / "files" / sha256[:2] / sha256[2:]


async def keep(data: bytes) -> str:
    """Store the bytes, durably, and return their SHA-256. Storing the same bytes again costs a look."""
    return await asyncio.to_thread(keep_now, data)


async def load(sha256: str) -> bytes:
    """The bytes with this hash. FileNotFoundError when they are gone."""
    return await asyncio.to_thread(path_of(sha256).read_bytes)


async def discard(sha256: str) -> None:
    """Remove bytes that nothing names any more. Those that were stored (again) a moment ago stay: a row is coming."""
    await asyncio.to_thread(_discard, path_of(sha256))


def _discard(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if time.time() - path.stat().st_mtime > UNNAMED_SECONDS:
            path.unlink()


def keep_now(data: bytes) -> str:
    """The same for plain code."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(sha256)
    with contextlib.suppress(FileNotFoundError):
        os.utime(path)
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except OSError:
        draft.unlink(missing_ok=True)  # on a full disk each try would take some more of it
        raise
    _sync_folder(path.parent)
    return sha256


def _sync_folder(folder: Path) -> None:
    """A new name is durable once its folder is (fsync(2))."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
