"""What axe finds that keeps people from using a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page

WORST = {"serious", "critical"}
# What fades in has its own colours only when it is there, so its end is waited for; what never ends is not. What just
# changed begins to move with the next frame.
MOTION_ENDS = """() => new Promise(requestAnimationFrame).then(() => Promise.allSettled(
    document.getAnimations()
        .filter((one) => one.effect.getComputedTiming().endTime < Infinity)
        .map((one) => one.finished)
))"""


def serious_faults(page: Page | Frame) -> list[str]:
    """Rule and first place of each serious or critical fault of the page as it is shown now."""
    page.evaluate(MOTION_ENDS)
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['target']}" for one in found if one["impact"] in WORST]
