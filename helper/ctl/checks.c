/*
 * The table: causes before what follows from them.
 */
#include "check.h"

#include "authd.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define ONLY_ROOT "only root can tell"

#define STACK(id, title, after, check) {"stack." id, title, "stack.readable", after, NULL, check}
#define CHECK(id, title, needs, after, run) {id, title, needs, after, run, NULL}

const struct check checks[] = {
    CHECK("module.file", "pam_c2m.so is where libpam looks, and loads", "", "", check_module_file),
    CHECK("module.replaced", "no process goes on with a libpam or pam_c2m.so that was replaced", "", "",
        check_module_replaced),
    CHECK("stack.present", "a PAM service asks pam_c2m", "", "", check_stack_present),
    CHECK("stack.readable", "libpam can read their stacks", "", "stack.present ", check_stack_readable),
    CHECK("stack.managed", "pam-auth-update still manages common-*", "", "", check_stack_managed),
    STACK("arguments", "pam_c2m takes the arguments that it is given", "", stack_check_arguments),
    STACK("granted", "a right token lets in", "stack.arguments ", stack_check_granted),
    STACK("early", "the account phase goes on behind pam_c2m", "", stack_check_early),
    STACK("denied", "a wrong token does not, nor a session that was ended", "stack.arguments stack.early ",
        stack_check_denied),
    STACK("outage", "somebody enters while the API is down", "stack.arguments ", stack_check_outage),
    STACK("keys", "public keys serve while the helper is down", "stack.arguments ", stack_check_keys),
    STACK("missing", "nobody is locked out when pam_c2m.so is removed", "stack.arguments ",
        stack_check_missing),
    STACK("session", "pam_c2m hears of sessions, behind pam_loginuid", "", stack_check_session),
    CHECK("sshd.config", "sshd accepts its configuration", "", "stack.present ", check_sshd_config),
    CHECK(
        "sshd.usepam", "sshd uses PAM, as a service that asks pam_c2m", "sshd.config", "", check_sshd_usepam),
    CHECK("sshd.kbdint", "sshd asks for tokens (keyboard-interactive)", "sshd.config", "sshd.usepam ",
        check_sshd_kbdint),
    CHECK("sshd.match", "no Match block sends a mapped user past pam_c2m", "sshd.config",
        "sshd.usepam sshd.kbdint ", check_sshd_match),
    CHECK("sshd.alive", "sshd notices dead clients", "sshd.config", "", check_sshd_alive),
    CHECK("sudo.rs", "sudo is the one that pam_c2m was tried with", "", "stack.present ", check_sudo_rs),
    CHECK("sudo.readable", "sudo's rules can be read", "sudo.rs", "", check_sudo_readable),
    CHECK("sudo.timestamp", "sudo does not remember a login longer than pam_c2m", "sudo.readable", "",
        check_sudo_timestamp),
    CHECK("sudo.noninteractive", "sudo -n asks pam_c2m", "sudo.readable", "", check_sudo_noninteractive),
    CHECK("sudo.reuse", "reuse is no longer than sudo's rules allow", "sudo.readable", "", check_sudo_reuse),
    CHECK("sudo.pam", "sudo asks PAM about accounts and opens sessions", "sudo.readable", "", check_sudo_pam),
    CHECK("config.readable", "the helper's configuration can be checked", "", "", check_config_readable),
    CHECK("config.placeholder", "no placeholder is left in it", "config.readable", "",
        check_config_placeholder),
    CHECK("config.secret", "its secrets are the helper's alone", "config.readable", "", check_config_secret),
    CHECK("config.valid", "it is understood", "config.readable", "", check_config_valid),
    CHECK(
        "config.scope", "not every API token is a key to a shell", "config.readable", "", check_config_scope),
    CHECK("users.local", "mapped users exist here", "", "config.readable config.placeholder ",
        check_users_local),
    CHECK("users.client", "no client is several users", "", "config.readable config.placeholder ",
        check_users_client),
    CHECK("root.way_in", "root gets in without C2M", "", "", check_root_way_in),
    CHECK("helper.directory", "the sockets' folder is root's", "", "", check_helper_directory),
    CHECK("helper.selinux", "SELinux lets callers through to the helper", "", "", check_helper_selinux),
    CHECK("helper.apparmor", "so does AppArmor", "", "", check_helper_apparmor),
    CHECK("helper.kernel", "the kernel tells sessions and processes apart", "", "", check_kernel),
    CHECK("helper.hidepid", "the helper sees who calls", "", "", check_helper_hidepid),
    CHECK(
        "helper.hangup", "it may hang up logins, where it shall", "config.readable", "", check_helper_hangup),
    CHECK("helper.answers", "the helper answers", "",
        "helper.directory helper.hidepid config.readable config.placeholder config.secret config.valid "
        "helper.hangup ",
        check_helper_answers),
    CHECK("helper.enabled", "its sockets are there after the next boot, too", "helper.answers", "",
        check_helper_enabled),
    CHECK("helper.version", "helper, module and c2mctl are of one version", "helper.answers", "module.file ",
        check_helper_version),
    CHECK("helper.audit", "sessions get an audit id, which sudo recognises them by", "helper.answers",
        "stack.session ", check_helper_audit),
    CHECK("helper.socket", "the stacks name the socket that the helper has", "stack.readable",
        "helper.answers stack.arguments ", check_helper_socket),
    CHECK("api.answers", "the API answers", "helper.answers", "", check_api_answers),
    CHECK("api.clock", "its clock and this host's agree", "helper.answers", "", check_api_clock),
    CHECK("api.tokens", "tokens are what the configuration expects", "helper.answers", "api.clock ",
        check_api_tokens),
    CHECK("api.limits", "it limits and refuses nothing", "helper.answers", "api.answers ", check_api_limits),
    CHECK("api.revocations", "no revocation waits for long", "helper.answers", "api.answers ",
        check_revocations),
    CHECK("sshd.penalties", "users behind one address do not shut each other out", "helper.answers",
        "stack.present ", check_sshd_penalties),
    CHECK("state.owner", "the helper's state is its own", "", "", check_state_owner),
    CHECK("state.room", "there is room for it", "", "state.owner ", check_state_room),
    CHECK("state.damaged", "it was never damaged", "", "state.owner ", check_state_damaged),
};
const size_t check_count = sizeof checks / sizeof checks[0];

bool check_as_root(struct reports *reports, const char *what)
{
    if (geteuid() == 0)
        return true;
    report_add(reports, REPORT_SKIP, "%s: " ONLY_ROOT, what);
    return false;
}

/* By getpwnam(3): these say that there is none, as 0 does. */
static bool says_nobody(int error)
{
    return error == 0 || error == ENOENT || error == ESRCH || error == EBADF || error == EPERM;
}

bool check_user(struct reports *reports, const char *name, const struct passwd **out)
{
    errno = 0;
    *out = getpwnam(name);
    if (*out != NULL || says_nobody(errno))
        return true;
    report_add(reports, REPORT_SKIP, "whether there is a user \"%s\": %s", name, check_unread(errno));
    return false;
}

/* Root, too, is refused: by what confines it. */
const char *check_unread(int error)
{
    return error == EACCES && geteuid() != 0 ? ONLY_ROOT : strerrordesc_np(error);
}

bool check_asks(
    const struct doctor *doctor, struct reports *reports, const char *service, const char *program)
{
    for (size_t i = 0; i < doctor->names.count; i++) {
        if (strcmp(doctor->names.names[i], service) != 0)
            continue;
        if (access(program, X_OK) == 0)
            return true;
        report_add(reports, REPORT_SKIP, "there is no %s", program);
        return false;
    }
    report_add(reports, REPORT_SKIP, "%s does not ask pam_c2m", service);
    return false;
}

const char *check_config(const struct doctor *doctor)
{
    return doctor->options->config == NULL ? AUTHD_CONFIG : doctor->options->config;
}
