askpass_prompt.o: helper/ctl/askpass_prompt.c helper/ctl/askpass_prompt.h

helper/ctl/askpass_prompt.h:
