"""What Reflex is told: no ready-made look, our own origin alone, states that outlive their tab for a while."""

import reflex as rx
from reflex.constants import StateManagerMode

from witei_app.frontend import PortableAddresses
from witei_app.serve import allowed_origins
from witei_app.settings import settings

config = rx.Config(
    app_name="witei_app",
    plugins=[PortableAddresses()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    show_built_with_reflex=False,
    telemetry_enabled=False,
    # Reflex's own default lets every site open our WebSocket with the visitor's cookies.
    cors_allowed_origins=allowed_origins(settings()),
    trusted_proxy_hops=settings().trusted_proxy_hops,
    # In the process that has the tab's line, of several too. In Redis each event costs three trips there, and a Redis
    # that is slow, full or has lost its memory takes every page with it; by a line to another process the page is read
    # anew, as its address says.
    redis_url=None,
    state_manager_mode=StateManagerMode.MEMORY,
    # Seconds, in memory too. A closed tab leaves its state (some 140 KB) until then. Reflex forgets those of open
    # tabs as well, and the next push would show them an empty page: the relay touches them in time.
    redis_token_expiration=2 * 3600,
)
