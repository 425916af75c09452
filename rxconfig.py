"""What Reflex is told: no ready-made look, our own origin alone, states that outlive a quiet night."""

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
    redis_url=settings().redis_url or None,
    state_manager_mode=StateManagerMode.REDIS if settings().redis_url else StateManagerMode.MEMORY,
    # Seconds, in memory too. Reflex forgets states that nothing touched for so long even while their tab is connected,
    # and the next push then shows that tab an empty page: a quiet night must fit in.
    redis_token_expiration=24 * 3600,
)
