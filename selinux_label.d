selinux_label.o: helper/ctl/selinux_label.c helper/ctl/selinux_label.h

helper/ctl/selinux_label.h:
