"""Many tabs in a process of their own: python -m bench.crowd URL COUNT PATH COOKIE.

Prints "ready" when all have loaded the page. When its input ends, it prints for each marker when the last tab had it,
and how many had it.
"""

import asyncio
import json
import re
import sys
from collections import Counter

from bench.tab import Tab

MARKER = re.compile(r"bench-(\d+)-end")


async def main(url: str, count: int, path: str, cookie: str) -> None:
    """Open the tabs, note what they are sent, leave."""
    seen: set[tuple[int, str]] = set()
    last: dict[str, float] = {}
    quantity: Counter[str] = Counter()

    def note(tab: Tab, frame: str, at: float) -> None:
        for marker in MARKER.findall(frame):
            if (id(tab), marker) not in seen:
                seen.add((id(tab), marker))
                last[marker] = at
                quantity[marker] += 1

    tabs = [Tab(url, cookie, path, note) for _ in range(count)]
    for start in range(0, count, 10):
        await asyncio.gather(*(tab.open('"is_hydrated_rx_state_":true') for tab in tabs[start : start + 10]))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    received = sum(tab.bytes_received for tab in tabs)
    print(json.dumps({"last": last, "tabs": quantity, "bytes": received}), flush=True)
    await asyncio.gather(*(tab.close() for tab in tabs))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]))
