daemon.o: helper/daemon/daemon.c helper/daemon/daemon.h \
  helper/daemon/ipc/server.h helper/daemon/base/loop.h \
  helper/daemon/ipc/peer.h helper/daemon/ipc/caller.h \
  helper/daemon/base/process.h helper/daemon/login/login.h \
  helper/daemon/login/outcome.h helper/daemon/base/reason.h \
  include/c2m/wire.h helper/daemon/login/parts.h \
  helper/daemon/base/mismatch.h helper/daemon/base/store.h \
  helper/daemon/login/attempts.h helper/daemon/login/client_secrets.h \
  helper/daemon/base/secret.h helper/daemon/login/names.h \
  helper/daemon/login/policy.h helper/daemon/token/claims.h \
  helper/daemon/token/jwt_text.h helper/daemon/token/members.h \
  helper/daemon/token/scopes.h helper/daemon/login/user_map.h \
  helper/daemon/session/deny_list.h helper/daemon/base/vault.h \
  helper/daemon/session/ledger.h helper/daemon/session/revoker.h \
  helper/daemon/token/api.h helper/daemon/base/http.h \
  helper/daemon/base/tally.h helper/daemon/token/budget.h \
  helper/daemon/session/presence.h helper/daemon/token/verifier.h \
  helper/daemon/token/keyset.h helper/daemon/token/signature.h \
  helper/daemon/session/sessions.h helper/daemon/token/assertion.h \
  helper/daemon/token/jwks.h helper/daemon/rules.h \
  helper/daemon/config.h helper/daemon/base/cleanup.h \
  helper/daemon/base/clock.h helper/daemon/base/log.h \
  helper/daemon/ipc/requests.h helper/daemon/ipc/admin.h \
  helper/daemon/login/renewal.h helper/daemon/session/delivery.h \
  helper/daemon/session/enrolled.h helper/daemon/session/bearer.h \
  helper/daemon/keys.h helper/daemon/login/expiry.h \
  helper/daemon/login/rotation.h helper/daemon/login/throttle.h \
  helper/daemon/login/recent.h helper/daemon/session/issuing.h \
  helper/daemon/state.h helper/daemon/stopping.h \
  helper/daemon/watchdog.h

helper/daemon/daemon.h:

helper/daemon/ipc/server.h:

helper/daemon/base/loop.h:

helper/daemon/ipc/peer.h:

helper/daemon/ipc/caller.h:

helper/daemon/base/process.h:

helper/daemon/login/login.h:

helper/daemon/login/outcome.h:

helper/daemon/base/reason.h:

include/c2m/wire.h:

helper/daemon/login/parts.h:

helper/daemon/base/mismatch.h:

helper/daemon/base/store.h:

helper/daemon/login/attempts.h:

helper/daemon/login/client_secrets.h:

helper/daemon/base/secret.h:

helper/daemon/login/names.h:

helper/daemon/login/policy.h:

helper/daemon/token/claims.h:

helper/daemon/token/jwt_text.h:

helper/daemon/token/members.h:

helper/daemon/token/scopes.h:

helper/daemon/login/user_map.h:

helper/daemon/session/deny_list.h:

helper/daemon/base/vault.h:

helper/daemon/session/ledger.h:

helper/daemon/session/revoker.h:

helper/daemon/token/api.h:

helper/daemon/base/http.h:

helper/daemon/base/tally.h:

helper/daemon/token/budget.h:

helper/daemon/session/presence.h:

helper/daemon/token/verifier.h:

helper/daemon/token/keyset.h:

helper/daemon/token/signature.h:

helper/daemon/session/sessions.h:

helper/daemon/token/assertion.h:

helper/daemon/token/jwks.h:

helper/daemon/rules.h:

helper/daemon/config.h:

helper/daemon/base/cleanup.h:

helper/daemon/base/clock.h:

helper/daemon/base/log.h:

helper/daemon/ipc/requests.h:

helper/daemon/ipc/admin.h:

helper/daemon/login/renewal.h:

helper/daemon/session/delivery.h:

helper/daemon/session/enrolled.h:

helper/daemon/session/bearer.h:

helper/daemon/keys.h:

helper/daemon/login/expiry.h:

helper/daemon/login/rotation.h:

helper/daemon/login/throttle.h:

helper/daemon/login/recent.h:

helper/daemon/session/issuing.h:

helper/daemon/state.h:

helper/daemon/stopping.h:

helper/daemon/watchdog.h:
