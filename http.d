http.o: helper/daemon/base/http.c helper/daemon/base/http.h \
  helper/daemon/base/loop.h helper/daemon/base/secret.h \
  helper/daemon/base/cleanup.h helper/daemon/base/http_call.h \
  helper/daemon/base/http_headers.h

helper/daemon/base/http.h:

helper/daemon/base/loop.h:

helper/daemon/base/secret.h:

helper/daemon/base/cleanup.h:

helper/daemon/base/http_call.h:

helper/daemon/base/http_headers.h:
