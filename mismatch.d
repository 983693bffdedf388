mismatch.o: helper/daemon/base/mismatch.c helper/daemon/base/mismatch.h \
  include/c2m/wire.h

helper/daemon/base/mismatch.h:

include/c2m/wire.h:
