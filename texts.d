texts.o: pam_module/texts.c pam_module/texts.h include/c2m/wire.h

pam_module/texts.h:

include/c2m/wire.h:
