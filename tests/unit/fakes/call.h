/*
 * One call of the module against a scripted helper: what both tests of the talk share. Its deadlines run
 * call_haste times as fast as they would (the linker's --wrap=c2m_deadline_in).
 */
#ifndef FAKES_CALL_H
#define FAKES_CALL_H

#include "fakes/helper.h"
#include "fakes/kernel.h"
#include "fakes/pam.h"

#include "c2m/deadline.h"

#define REFERENCE {'7', 'f', '3', 'a', '9', '1', 'c', '2'}

extern struct pam_handle pamh; /* alice at sshd, who types "eyJ.a.b", unless the test says more */
extern struct fake_helper helper;
extern int call_haste; /* 20 */

typedef int entry_point(pam_handle_t *handle, int flags, int argc, const char **argv);

/* cmocka's set-up: everything as at first. */
int call_reset(void **state);

/* Calls ENTRY with these ARGUMENTS (blanks between them) while the helper serves by SERVICES. */
int call_with(entry_point *entry, const char *arguments, int flags, fake_service *const *services);

/* What a helper may do with a connection. */
void grants_after_a_prompt(struct fake_helper *helper, int fd);
void grants_at_once(struct fake_helper *helper, int fd);
void denies_after_a_prompt(struct fake_helper *helper, int fd);
void ignores(struct fake_helper *helper, int fd);
void hangs_up(struct fake_helper *helper, int fd); /* having read the request */
void hangs_up_after_the_answer(struct fake_helper *helper, int fd);
struct c2m_prompt plain_prompt(void);
struct c2m_verdict verdict_on(const struct fake_helper *helper, uint32_t verdict, uint32_t prompted);

#endif
