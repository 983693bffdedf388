message.o: helper/client/message.c include/c2m/client.h \
  include/c2m/wire.h include/c2m/deadline.h

include/c2m/client.h:

include/c2m/wire.h:

include/c2m/deadline.h:
