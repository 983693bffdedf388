/*
 * What c2mctl doctor looks at: a table of checks, and what they share. A check adds what is wrong, or REPORT_SKIP for what
 * cannot be read; nothing when all is well.
 */
#ifndef CHECK_H
#define CHECK_H

#include "capture.h"
#include "options.h"
#include "outcome.h"
#include "report.h"
#include "services.h"
#include "stack_checks.h"

#include "c2m/wire.h"

#include <pwd.h>

/* Filled by the checks that come first, read by their followers. */
struct doctor {
    const struct options *options;
    struct stack_dirs dirs;
    struct services names; /* that ask pam_c2m */
    struct service *services; /* the same, rehearsed; those that could not be are missing */
    size_t service_count;
    struct capture sshd; /* sshd -T */
    struct capture sudoers; /* cvtsudoers */
    struct capture config; /* c2m-authd --check */
    struct c2m_status status; /* of the helper */
};

struct check {
    const char *id;
    const char *title; /* what is true when it is well */
    const char *needs; /* id, or "": what it reads; when that is skipped, so is this one */
    const char *after; /* ids, each followed by a blank: when one of them fails, this one follows from it */
    void (*run)(struct doctor *doctor, struct reports *reports); /* NULL: each service by STACK */
    stack_check *stack;
};

extern const struct check checks[];
extern const size_t check_count;

/* True, or a SKIP that names what root could tell. */
bool check_as_root(struct reports *reports, const char *what);
/* Looks NAME up: *OUT is NULL where there is nobody of that name. False, and a SKIP, where that cannot be known. */
bool check_user(struct reports *reports, const char *name, const struct passwd **out);
/* Why a file cannot be read, as a SKIP says it. */
const char *check_unread(int error);
/* Does the service ask pam_c2m, and is its program here? Else a SKIP: who was not asked is not well. */
bool check_asks(
    const struct doctor *doctor, struct reports *reports, const char *service, const char *program);
/* The configuration that the helper reads. */
const char *check_config(const struct doctor *doctor);

void check_module_file(struct doctor *doctor, struct reports *reports);
void check_module_replaced(struct doctor *doctor, struct reports *reports);
void check_stack_present(struct doctor *doctor, struct reports *reports);
void check_stack_readable(struct doctor *doctor, struct reports *reports);
void check_stack_managed(struct doctor *doctor, struct reports *reports);
void check_sshd_config(struct doctor *doctor, struct reports *reports);
void check_sshd_usepam(struct doctor *doctor, struct reports *reports);
void check_sshd_kbdint(struct doctor *doctor, struct reports *reports);
void check_sshd_match(struct doctor *doctor, struct reports *reports);
void check_sshd_alive(struct doctor *doctor, struct reports *reports);
void check_sshd_penalties(struct doctor *doctor, struct reports *reports);
void check_sudo_readable(struct doctor *doctor, struct reports *reports);
void check_sudo_timestamp(struct doctor *doctor, struct reports *reports);
void check_sudo_pam(struct doctor *doctor, struct reports *reports);
void check_sudo_noninteractive(struct doctor *doctor, struct reports *reports);
void check_sudo_reuse(struct doctor *doctor, struct reports *reports);
void check_sudo_rs(struct doctor *doctor, struct reports *reports);
void check_config_readable(struct doctor *doctor, struct reports *reports);
void check_config_valid(struct doctor *doctor, struct reports *reports);
void check_config_placeholder(struct doctor *doctor, struct reports *reports);
void check_config_secret(struct doctor *doctor, struct reports *reports);
void check_config_scope(struct doctor *doctor, struct reports *reports);
void check_users_local(struct doctor *doctor, struct reports *reports);
void check_users_client(struct doctor *doctor, struct reports *reports);
void check_root_way_in(struct doctor *doctor, struct reports *reports);
void check_helper_directory(struct doctor *doctor, struct reports *reports);
void check_helper_hangup(struct doctor *doctor, struct reports *reports);
void check_helper_answers(struct doctor *doctor, struct reports *reports);
void check_helper_enabled(struct doctor *doctor, struct reports *reports);
void check_helper_audit(struct doctor *doctor, struct reports *reports);
void check_helper_version(struct doctor *doctor, struct reports *reports);
void check_helper_socket(struct doctor *doctor, struct reports *reports);
void check_helper_hidepid(struct doctor *doctor, struct reports *reports);
void check_helper_selinux(struct doctor *doctor, struct reports *reports);
void check_helper_apparmor(struct doctor *doctor, struct reports *reports);
void check_kernel(struct doctor *doctor, struct reports *reports);
void check_api_answers(struct doctor *doctor, struct reports *reports);
void check_api_clock(struct doctor *doctor, struct reports *reports);
void check_api_limits(struct doctor *doctor, struct reports *reports);
void check_api_tokens(struct doctor *doctor, struct reports *reports);
void check_revocations(struct doctor *doctor, struct reports *reports);
void check_state_owner(struct doctor *doctor, struct reports *reports);
void check_state_room(struct doctor *doctor, struct reports *reports);
void check_state_damaged(struct doctor *doctor, struct reports *reports);

#endif
