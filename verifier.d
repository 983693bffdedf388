verifier.o: helper/daemon/token/verifier.c helper/daemon/token/verifier.h \
  helper/daemon/base/mismatch.h include/c2m/wire.h \
  helper/daemon/base/secret.h helper/daemon/base/vault.h \
  helper/daemon/token/claims.h helper/daemon/base/reason.h \
  helper/daemon/token/jwt_text.h helper/daemon/token/members.h \
  helper/daemon/token/scopes.h helper/daemon/token/keyset.h \
  helper/daemon/token/signature.h helper/daemon/base/cleanup.h \
  helper/daemon/base/clock.h helper/daemon/token/remembered.h

helper/daemon/token/verifier.h:

helper/daemon/base/mismatch.h:

include/c2m/wire.h:

helper/daemon/base/secret.h:

helper/daemon/base/vault.h:

helper/daemon/token/claims.h:

helper/daemon/base/reason.h:

helper/daemon/token/jwt_text.h:

helper/daemon/token/members.h:

helper/daemon/token/scopes.h:

helper/daemon/token/keyset.h:

helper/daemon/token/signature.h:

helper/daemon/base/cleanup.h:

helper/daemon/base/clock.h:

helper/daemon/token/remembered.h:
