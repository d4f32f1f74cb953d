"""A bundle server for development and small fleets: bundles out, status and decision logs in, the fleet on a page.

    sources ──► shelf ──► app ◄── status, decision logs of OPAs
                           │            │
                       page, JSON ◄── store

`sources` finds archives and notices that they change, `shelf` holds what is served and what was, `tokens` says who may
ask, `reports` reads what OPAs send and `store` keeps it, `fleet` tells what is to be seen of both, `running` ties them
to a socket. Only `app` and `running` need the extra `serve`.
"""
