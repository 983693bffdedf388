listing.o: helper/ctl/listing.c helper/ctl/listing.h helper/ctl/helper.h \
  helper/ctl/options.h include/c2m/client.h include/c2m/wire.h \
  include/c2m/deadline.h

helper/ctl/listing.h:

helper/ctl/helper.h:

helper/ctl/options.h:

include/c2m/client.h:

include/c2m/wire.h:

include/c2m/deadline.h:
