#include "sshd_mend.h"

#define RELOAD " && systemctl reload ssh"

void sshd_mend(struct report *report, const struct sshd_place *place, const char *setting)
{
    if (place->line != 0)
        report_at(report, place->file, place->line);
    if (place->behind_drop_in) {
        report_mend(report, "set %s in " SSHD_DROP_IN ", reload ssh", setting);
        report_fix(report, "echo %s >>" SSHD_DROP_IN RELOAD, setting);
    } else if (place->line != 0) {
        report_mend(report, "make that line %s, reload ssh", setting);
        report_fix(report, "sed -i '%us/.*/%s/' '%s'" RELOAD, place->line, setting, place->file);
    } else { /* before any Match */
        report_mend(report, "make %s the first line of " SSHD_CONFIG ", reload ssh", setting);
        report_fix(report, "sed -i '1i %s' " SSHD_CONFIG RELOAD, setting);
    }
}
