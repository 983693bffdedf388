requests.o: helper/daemon/ipc/requests.c helper/daemon/ipc/requests.h \
  helper/daemon/ipc/admin.h helper/daemon/base/mismatch.h \
  include/c2m/wire.h helper/daemon/base/tally.h helper/daemon/ipc/peer.h \
  helper/daemon/base/loop.h helper/daemon/ipc/caller.h \
  helper/daemon/base/process.h helper/daemon/login/login.h \
  helper/daemon/login/outcome.h helper/daemon/base/reason.h \
  helper/daemon/login/parts.h helper/daemon/base/store.h \
  helper/daemon/login/attempts.h helper/daemon/login/client_secrets.h \
  helper/daemon/base/secret.h helper/daemon/login/names.h \
  helper/daemon/login/policy.h helper/daemon/token/claims.h \
  helper/daemon/token/jwt_text.h helper/daemon/token/members.h \
  helper/daemon/token/scopes.h helper/daemon/login/user_map.h \
  helper/daemon/session/deny_list.h helper/daemon/base/vault.h \
  helper/daemon/session/ledger.h helper/daemon/session/revoker.h \
  helper/daemon/token/api.h helper/daemon/base/http.h \
  helper/daemon/token/budget.h helper/daemon/session/presence.h \
  helper/daemon/token/verifier.h helper/daemon/token/keyset.h \
  helper/daemon/token/signature.h helper/daemon/session/sessions.h \
  helper/daemon/token/assertion.h helper/daemon/token/jwks.h \
  helper/daemon/login/renewal.h helper/daemon/session/delivery.h \
  helper/daemon/session/enrolled.h helper/daemon/session/bearer.h \
  helper/daemon/base/clock.h helper/daemon/base/log.h \
  helper/daemon/ipc/request.h helper/daemon/login/enroll.h \
  helper/daemon/ipc/request_body.h helper/daemon/ipc/adopt_request.h \
  helper/daemon/ipc/end_request.h helper/daemon/ipc/enroll_request.h \
  helper/daemon/ipc/metrics.h helper/daemon/ipc/token_request.h \
  helper/daemon/login/account.h helper/daemon/login/stored.h

helper/daemon/ipc/requests.h:

helper/daemon/ipc/admin.h:

helper/daemon/base/mismatch.h:

include/c2m/wire.h:

helper/daemon/base/tally.h:

helper/daemon/ipc/peer.h:

helper/daemon/base/loop.h:

helper/daemon/ipc/caller.h:

helper/daemon/base/process.h:

helper/daemon/login/login.h:

helper/daemon/login/outcome.h:

helper/daemon/base/reason.h:

helper/daemon/login/parts.h:

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

helper/daemon/token/budget.h:

helper/daemon/session/presence.h:

helper/daemon/token/verifier.h:

helper/daemon/token/keyset.h:

helper/daemon/token/signature.h:

helper/daemon/session/sessions.h:

helper/daemon/token/assertion.h:

helper/daemon/token/jwks.h:

helper/daemon/login/renewal.h:

helper/daemon/session/delivery.h:

helper/daemon/session/enrolled.h:

helper/daemon/session/bearer.h:

helper/daemon/base/clock.h:

helper/daemon/base/log.h:

helper/daemon/ipc/request.h:

helper/daemon/login/enroll.h:

helper/daemon/ipc/request_body.h:

helper/daemon/ipc/adopt_request.h:

helper/daemon/ipc/end_request.h:

helper/daemon/ipc/enroll_request.h:

helper/daemon/ipc/metrics.h:

helper/daemon/ipc/token_request.h:

helper/daemon/login/account.h:

helper/daemon/login/stored.h:
