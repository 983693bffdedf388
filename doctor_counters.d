doctor_counters.o: helper/ctl/doctor_counters.c helper/ctl/authd.h \
  helper/ctl/options.h helper/ctl/check.h helper/ctl/capture.h \
  helper/ctl/outcome.h helper/ctl/assume.h helper/ctl/stack.h \
  helper/ctl/report.h helper/ctl/services.h helper/ctl/stack_checks.h \
  include/c2m/wire.h helper/ctl/listing.h helper/ctl/helper.h \
  include/c2m/client.h include/c2m/deadline.h helper/ctl/mismatch.h

helper/ctl/authd.h:

helper/ctl/options.h:

helper/ctl/check.h:

helper/ctl/capture.h:

helper/ctl/outcome.h:

helper/ctl/assume.h:

helper/ctl/stack.h:

helper/ctl/report.h:

helper/ctl/services.h:

helper/ctl/stack_checks.h:

include/c2m/wire.h:

helper/ctl/listing.h:

helper/ctl/helper.h:

include/c2m/client.h:

include/c2m/deadline.h:

helper/ctl/mismatch.h:
