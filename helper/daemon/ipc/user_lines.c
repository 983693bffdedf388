#include "ipc/user_lines.h"

#include "base/clock.h"
#include "base/log.h"

static struct user_share *share_of(struct user_lines *lines, uint32_t uid, int64_t now)
{
    struct user_share *room = &lines->others;
    for (int i = USER_LINES_USERS - 1; i >= 0; i--) {
        struct user_share *share = &lines->shares[i];
        if (share->until_ms > now && share->uid == uid)
            return share;
        if (share->until_ms <= now)
            room = share;
    }
    if (room->until_ms <= now)
        *room = (struct user_share){.until_ms = now + USER_LINES_WINDOW_MS, .uid = uid};
    return room;
}

bool user_lines_take(struct user_lines *lines, uint32_t uid)
{
    struct user_share *share = share_of(lines, uid, clock_boot_ms());
    if (share->count > USER_LINES_MAX)
        return false;
    if (++share->count <= USER_LINES_MAX)
        return true;
    log_message(LOG_LEVEL_NOTICE,
        "uid %d is refused more than %d times in %d s at user.sock: the others are not logged", (int)uid,
        USER_LINES_MAX, USER_LINES_WINDOW_MS / 1000);
    return false;
}
