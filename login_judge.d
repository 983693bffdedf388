login_judge.o: helper/daemon/login/login_judge.c \
  helper/daemon/login/login_internal.h helper/daemon/login/assembly.h \
  helper/daemon/base/reason.h helper/daemon/base/secret.h \
  helper/daemon/login/login.h helper/daemon/login/outcome.h \
  include/c2m/wire.h helper/daemon/login/parts.h \
  helper/daemon/base/loop.h helper/daemon/base/mismatch.h \
  helper/daemon/base/process.h helper/daemon/base/store.h \
  helper/daemon/login/attempts.h helper/daemon/login/client_secrets.h \
  helper/daemon/login/names.h helper/daemon/login/policy.h \
  helper/daemon/token/claims.h helper/daemon/token/jwt_text.h \
  helper/daemon/token/members.h helper/daemon/token/scopes.h \
  helper/daemon/login/user_map.h helper/daemon/session/deny_list.h \
  helper/daemon/base/vault.h helper/daemon/session/ledger.h \
  helper/daemon/session/revoker.h helper/daemon/token/api.h \
  helper/daemon/base/http.h helper/daemon/base/tally.h \
  helper/daemon/token/budget.h helper/daemon/session/presence.h \
  helper/daemon/token/verifier.h helper/daemon/token/keyset.h \
  helper/daemon/token/signature.h helper/daemon/session/sessions.h \
  helper/daemon/token/assertion.h helper/daemon/token/jwks.h \
  helper/daemon/login/throttle.h helper/daemon/login/recent.h \
  helper/daemon/base/cleanup.h helper/daemon/base/clock.h \
  helper/daemon/login/credential.h helper/daemon/login/gate.h \
  helper/daemon/login/keeping.h helper/daemon/login/proof.h \
  helper/daemon/session/suspension.h

helper/daemon/login/login_internal.h:

helper/daemon/login/assembly.h:

helper/daemon/base/reason.h:

helper/daemon/base/secret.h:

helper/daemon/login/login.h:

helper/daemon/login/outcome.h:

include/c2m/wire.h:

helper/daemon/login/parts.h:

helper/daemon/base/loop.h:

helper/daemon/base/mismatch.h:

helper/daemon/base/process.h:

helper/daemon/base/store.h:

helper/daemon/login/attempts.h:

helper/daemon/login/client_secrets.h:

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

helper/daemon/login/throttle.h:

helper/daemon/login/recent.h:

helper/daemon/base/cleanup.h:

helper/daemon/base/clock.h:

helper/daemon/login/credential.h:

helper/daemon/login/gate.h:

helper/daemon/login/keeping.h:

helper/daemon/login/proof.h:

helper/daemon/session/suspension.h:
