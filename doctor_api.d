doctor_api.o: helper/ctl/doctor_api.c helper/ctl/check.h \
  helper/ctl/capture.h helper/ctl/options.h helper/ctl/outcome.h \
  helper/ctl/assume.h helper/ctl/stack.h helper/ctl/report.h \
  helper/ctl/services.h helper/ctl/stack_checks.h include/c2m/wire.h \
  helper/ctl/authd.h helper/ctl/format.h include/c2m/printable.h \
  helper/ctl/mismatch.h

helper/ctl/check.h:

helper/ctl/capture.h:

helper/ctl/options.h:

helper/ctl/outcome.h:

helper/ctl/assume.h:

helper/ctl/stack.h:

helper/ctl/report.h:

helper/ctl/services.h:

helper/ctl/stack_checks.h:

include/c2m/wire.h:

helper/ctl/authd.h:

helper/ctl/format.h:

include/c2m/printable.h:

helper/ctl/mismatch.h:
