api_call.o: helper/daemon/token/api_call.c helper/daemon/token/api_call.h \
  helper/daemon/token/api.h helper/daemon/base/http.h \
  helper/daemon/base/loop.h helper/daemon/base/secret.h \
  helper/daemon/base/mismatch.h include/c2m/wire.h \
  helper/daemon/base/reason.h helper/daemon/base/tally.h \
  helper/daemon/token/budget.h helper/daemon/token/scopes.h \
  helper/daemon/token/api_url.h helper/daemon/base/cleanup.h \
  helper/daemon/base/clock.h helper/daemon/token/api_answer.h

helper/daemon/token/api_call.h:

helper/daemon/token/api.h:

helper/daemon/base/http.h:

helper/daemon/base/loop.h:

helper/daemon/base/secret.h:

helper/daemon/base/mismatch.h:

include/c2m/wire.h:

helper/daemon/base/reason.h:

helper/daemon/base/tally.h:

helper/daemon/token/budget.h:

helper/daemon/token/scopes.h:

helper/daemon/token/api_url.h:

helper/daemon/base/cleanup.h:

helper/daemon/base/clock.h:

helper/daemon/token/api_answer.h:
