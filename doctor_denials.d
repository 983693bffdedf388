doctor_denials.o: helper/ctl/doctor_denials.c helper/ctl/check.h \
  helper/ctl/capture.h helper/ctl/options.h helper/ctl/outcome.h \
  helper/ctl/assume.h helper/ctl/stack.h helper/ctl/report.h \
  helper/ctl/services.h helper/ctl/stack_checks.h include/c2m/wire.h \
  helper/ctl/kernel_log.h helper/ctl/selinux_label.h \
  helper/ctl/shipped.h

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

helper/ctl/kernel_log.h:

helper/ctl/selinux_label.h:

helper/ctl/shipped.h:
